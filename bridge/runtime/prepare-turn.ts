import type { Effect } from "../core/effect";
import { happeningsOf } from "../core/happening";
import type { CoreState } from "../core/state";
import type { Now } from "../core/time";
import { OctoError, toErrorInfo } from "../octo-error";
import type { CommitBatch } from "../ports/store";
import { batchOf, isEmpty } from "./commit-batch";
import type { Command, CommittedTurn, EngineParts } from "./engine";
import { reduceTurn, type Waiting } from "./reduce-turn";

/** What waits, and the command that it is; news are none. */
export interface Taken extends Waiting {
  readonly asked?: { readonly command: Command } | undefined;
}

/** A turn as it will be once `batch` is stored; undefined: there is nothing to store. */
export interface PreparedTurn {
  readonly committed: CommittedTurn;
  readonly effects: readonly Effect[];
  readonly batch: CommitBatch | undefined;
  /** How many of those that waited are in it: the first ones. */
  readonly taken: number;
}

type Parts = Pick<EngineParts, "reduce" | "outbox">;

/**
 * The turn of what waits, as far as one goes. INTERNAL, with the cause: a fault of octo, which shows each time, and is that of the first
 * that waits: of several, the first alone is taken.
 */
export function prepareTurn(parts: Parts, before: CoreState, waiting: readonly Taken[], now: Now): PreparedTurn {
  try {
    return prepare(parts, before, waiting, now);
  } catch (thrown) {
    const [first] = waiting;
    if (first && waiting.length > 1) return prepareTurn(parts, before, [first], now);
    const kinds = new Set(first?.events.map(({ kind }) => kind));
    throw new OctoError("INTERNAL", `${[...kinds].join(", ")} failed: ${toErrorInfo(thrown).message}`, { cause: thrown });
  }
}

function prepare({ reduce, outbox }: Parts, before: CoreState, waiting: readonly Taken[], now: Now): PreparedTurn {
  const { taken, effects, ...reduced } = reduceTurn(reduce, before, waiting, now);
  const { state, changedTasks, changedInstances } = reduced;
  const commands = waiting.slice(0, taken).flatMap(({ asked }) => asked?.command ?? []);
  const records = commands.flatMap(({ record }) => record ?? []);
  const amendedTasks = commands.flatMap(({ amended }) => amended ?? []).filter(({ id }) => !state.tasks.has(id));
  const happened = happeningsOf({ before, after: state, changedTasks, changedInstances }, now);
  const happenings = outbox?.(happened, state, now) ?? [];
  const dayChanged = state.day !== before.day;
  const changes = { ...reduced, amendedTasks, records, happenings, dayChanged, clockMs: now.ms };
  const batch = isEmpty(changes) ? undefined : batchOf(state, changes);
  const asksChanged = state.asks !== before.asks;
  return {
    committed: { state, changedTasks, changedInstances, asksChanged, amendedTasks, happenings: happened, now },
    effects,
    batch,
    taken,
  };
}
