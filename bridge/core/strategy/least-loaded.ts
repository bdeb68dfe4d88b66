import type { Candidate } from "../eligibility";
import { best, type Strategy } from "./strategy";

/** Instances named among the reasons: every placement is stored with them. */
const namedMax = 5;

/**
 * Share of its slots in use once it has this task too, so that an instance with more slots gets its share.
 * A task that waits for a person will want its slot back: it counts a quarter. A machine that is busy, full or far away counts as slots in
 * use.
 */
function loadWith({ running, waiting, instance, pressure }: Candidate): number {
  return (running + 1 + waiting / 4) / instance.slots + pressure;
}

export const leastLoaded: Strategy = (candidates, { random }) => {
  const candidate = best(candidates, (a, b) => loadWith(a) < loadWith(b) || (loadWith(a) === loadWith(b) && a.knows && !b.knows));
  const { name } = candidate.instance;
  const others = candidates.filter((each) => each !== candidate);
  const unnamed = candidates.length - namedMax;
  const reasons = [candidate, ...others].slice(0, namedMax).map(sentenceOf);
  const rest = unnamed > 0 ? [`and ${unnamed} more`] : [];
  const decided = candidate.knows && others.some((each) => loadWith(each) === loadWith(candidate) && !each.knows);
  const because = decided ? `${name} has the least load, and knows the repository` : `${name} has the least load`;
  return { candidate, reasons: [...reasons, ...rest, because], random };
};

function sentenceOf({ instance, running, waiting, pressure }: Candidate): string {
  const machine = pressure >= 0.05 ? `, ${instance.host} at ${Math.round(pressure * 100)} %` : "";
  return `${instance.name}: ${running} of ${instance.slots} slots in use${waiting > 0 ? `, ${waiting} waiting` : ""}${machine}`;
}
