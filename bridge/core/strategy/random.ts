import { nextRandom } from "../random";
import { best, type Strategy } from "./strategy";

export const random: Strategy = (candidates, context) => {
  const [draw, next] = nextRandom(context.random);
  const candidate = candidates[Math.floor(draw * candidates.length)] ?? best(candidates, () => false);
  return { candidate, reasons: [`${candidate.instance.name} was drawn from ${candidates.length}`], random: next };
};
