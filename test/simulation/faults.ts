import type { Chance } from "./chance";

/** How often each thing goes wrong, as probabilities. */
export interface Faults {
  /** The bridge is killed at one of its writes, effects or answers. */
  readonly kill: number;
  readonly requestLost: number;
  readonly answerLost: number;
  /** A request or its answer takes seconds. */
  readonly slow: number;
  /** 204, and no turn. */
  readonly swallowed: number;
  /** 204, and the turn begins only seconds later. */
  readonly begunLate: number;
  readonly newsLost: number;
  readonly newsDoubled: number;
  readonly newsLate: number;
  readonly turnHangs: number;
  readonly asks: number;
  readonly retries: number;
  readonly bootFails: number;
  readonly gitFails: number;
  readonly stopFails: number;
  readonly commitFails: number;
  readonly commitSlow: number;
}

export const noFaults: Faults = {
  kill: 0,
  requestLost: 0,
  answerLost: 0,
  slow: 0,
  swallowed: 0,
  begunLate: 0,
  newsLost: 0,
  newsDoubled: 0,
  newsLate: 0,
  turnHangs: 0,
  asks: 0,
  retries: 0,
  bootFails: 0,
  gitFails: 0,
  stopFails: 0,
  commitFails: 0,
  commitSlow: 0,
};

/** Each seed has its own trouble: some faults never, some often. */
export function drawFaults(chance: Chance): Faults {
  const upTo = (highest: number): number => (chance.happens(0.35) ? 0 : chance.span(highest * 100_000, highest * 1_000_000) / 1_000_000);
  return {
    kill: upTo(0.02),
    requestLost: upTo(0.1),
    answerLost: upTo(0.1),
    slow: upTo(0.1),
    swallowed: upTo(0.3),
    begunLate: upTo(0.2),
    newsLost: upTo(0.2),
    newsDoubled: upTo(0.3),
    newsLate: upTo(0.3),
    turnHangs: upTo(0.02),
    asks: upTo(0.2),
    retries: upTo(0.1),
    bootFails: upTo(0.2),
    gitFails: upTo(0.2),
    stopFails: upTo(0.2),
    commitFails: upTo(0.05),
    commitSlow: upTo(0.02),
  };
}
