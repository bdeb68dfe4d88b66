import type { Now } from "../core/time";
import type { Clock } from "../ports/clock";

/** A longer pause between two looks at the clock than this was no pause of ours: sleep, SIGSTOP, a stopped machine. */
const gapMs = 5_000;
/** How often an idle bridge looks, so that idling never looks like sleep. */
export const lookEveryMs = 1_000;

export interface EngineClock {
  now(): Now;
  /** Milliseconds that passed uncounted since the last call; 0 when the bridge ran all the time. */
  takeGapMs(): number;
}

/**
 * The engine clock: time in which some bridge ran, in milliseconds, going on from `startMs` (that of the last commit). Deadlines and
 * leases are on it, so neither a crash, nor sleep, nor a jump of the wall clock makes anything late.
 * Linux' monotonic clock stands still in suspend while the wall clock goes on; both are watched.
 */
export function createEngineClock(clock: Clock, startMs: number): EngineClock {
  let countedMs = startMs;
  let lastMonotonicMs = clock.monotonicMs();
  let lastEpochMs = clock.epochMs();
  let uncountedMs = 0;

  return {
    now() {
      const monotonicMs = clock.monotonicMs();
      const epochMs = clock.epochMs();
      const passedMs = monotonicMs - lastMonotonicMs;
      const suspendedMs = Math.max(0, epochMs - lastEpochMs - passedMs);
      lastMonotonicMs = monotonicMs;
      lastEpochMs = epochMs;
      if (passedMs > gapMs) uncountedMs += passedMs;
      else countedMs += passedMs;
      if (suspendedMs > gapMs) uncountedMs += suspendedMs;
      return { ms: countedMs, epochMs };
    },
    takeGapMs() {
      const taken = uncountedMs;
      uncountedMs = 0;
      return taken;
    },
  };
}
