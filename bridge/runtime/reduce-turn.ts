import type { AuditEntry } from "../../shared/audit";
import type { AskId, InstanceId, TaskId } from "../../shared/ids";
import type { Booking } from "../core/day";
import type { Effect } from "../core/effect";
import type { Event } from "../core/event";
import type { reduce } from "../core/reduce";
import type { CoreState } from "../core/state";
import type { Now } from "../core/time";

/**
 * What one turn takes on: after so many tasks to be written, or so many events, the rest waits for the next turn, and whoever waits for
 * this one is served. Hundreds of turns of OpenCode may end within a millisecond; a task that is placed would wait for all of them.
 */
const changedTasksMax = 12;
const eventsMax = 64;

/** Events that belong together: all of them in one turn. */
export interface Waiting {
  readonly events: readonly Event[];
}

export interface ReducedTurn {
  readonly state: CoreState;
  readonly effects: readonly Effect[];
  readonly changedTasks: ReadonlySet<TaskId>;
  readonly changedInstances: ReadonlySet<InstanceId>;
  readonly changedAsks: ReadonlySet<AskId>;
  readonly bookings: readonly Booking[];
  readonly audits: readonly AuditEntry[];
  /** How many of those that waited are in it: the first ones. */
  readonly taken: number;
}

/** Reduces what waits, in order, as far as one turn goes; always the first of them. */
export function reduceTurn(core: typeof reduce, before: CoreState, waiting: readonly Waiting[], now: Now): ReducedTurn {
  let state = before;
  const effects: Effect[] = [];
  const changedTasks = new Set<TaskId>();
  const changedInstances = new Set<InstanceId>();
  const changedAsks = new Set<AskId>();
  const bookings: Booking[] = [];
  const audits: AuditEntry[] = [];
  let [taken, reduced] = [0, 0];
  for (const { events } of waiting) {
    if (taken > 0 && (changedTasks.size >= changedTasksMax || reduced + events.length > eventsMax)) break;
    for (const event of events) {
      const transition = core(state, event, now);
      state = transition.state;
      effects.push(...transition.effects);
      bookings.push(...transition.bookings);
      for (const id of transition.changedTasks) changedTasks.add(id);
      for (const id of transition.changedInstances) changedInstances.add(id);
      for (const id of transition.changedAsks) changedAsks.add(id);
      audits.push(...transition.audits);
    }
    taken += 1;
    reduced += events.length;
  }
  return { state, effects, changedTasks, changedInstances, changedAsks, bookings, audits, taken };
}
