import { best, type Strategy } from "./strategy";

/** The next one after the instance chosen last, in order of id. */
export const roundRobin: Strategy = (candidates, { lastChosen, random }) => {
  const first = best(candidates, (a, b) => a.instance.id < b.instance.id);
  const after = candidates.filter(({ instance }) => lastChosen !== undefined && instance.id > lastChosen);
  const candidate = after.length > 0 ? best(after, (a, b) => a.instance.id < b.instance.id) : first;
  return { candidate, reasons: [`${candidate.instance.name} is next in turn of ${candidates.length}`], random };
};
