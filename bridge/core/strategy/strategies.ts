import type { StrategyName } from "../../../shared/task";
import { leastLoaded } from "./least-loaded";
import { random } from "./random";
import { roundRobin } from "./round-robin";
import type { Strategy } from "./strategy";

export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  "round-robin": roundRobin,
  "least-loaded": leastLoaded,
  random,
};
