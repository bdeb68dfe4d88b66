import type { Candidate } from "../eligibility";
import { best, type Strategy } from "./strategy";

/** Share of its slots in use; a task that waits for a person will want its slot back, so it counts a quarter. */
function load(candidate: Candidate): number {
  return (candidate.running + candidate.waiting / 4) / candidate.instance.slots;
}

export const leastLoaded: Strategy = (candidates, { random }) => {
  const candidate = best(candidates, (a, b) => load(a) < load(b));
  const reasons = candidates.map(
    (each) =>
      `${each.instance.name}: ${each.running} of ${each.instance.slots} slots in use${each.waiting > 0 ? `, ${each.waiting} waiting` : ""}`,
  );
  return { candidate, reasons: [...reasons, `${candidate.instance.name} has the least load`], random };
};
