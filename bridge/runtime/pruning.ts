import type { Clock } from "../ports/clock";
import type { Store } from "../ports/store";
import { localDay } from "./calendar";

const dayMs = 24 * 60 * 60_000;
const requestsKeptMs = dayMs;
/** What was spent is small, and asked for by month and year. */
const spendKeptDays = 400;
const pruneEveryMs = 60 * 60_000;
const firstPruneMs = 60_000;
/** Rounds of at most 1,000 each, so that one pruning never holds the engine up for long. */
const roundsMax = 20;

/** Forgets old ended tasks and old request records now and then; the returned function ends it. */
export function startPruning(parts: {
  readonly clock: Clock;
  readonly store: Store;
  readonly keepDays: number;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}): () => void {
  const { clock, store, keepDays, log } = parts;
  let cancel = clock.after(firstPruneMs, prune);
  return () => cancel();

  function prune(): void {
    const now = clock.epochMs();
    try {
      for (let round = 0; round < roundsMax; round += 1) {
        const removed = store.prune({
          endedBeforeEpochMs: now - keepDays * dayMs,
          requestsBeforeEpochMs: now - requestsKeptMs,
          spendBeforeDay: localDay(now - Math.max(keepDays, spendKeptDays) * dayMs),
        });
        if (removed === 0) break;
      }
    } catch (thrown) {
      log("old tasks not pruned", { reason: thrown instanceof Error ? thrown.message : String(thrown) });
    }
    cancel = clock.after(pruneEveryMs, prune);
  }
}
