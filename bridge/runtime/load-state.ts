import type { TaskView } from "../../shared/task";
import type { Policy } from "../core/policy";
import type { RandomState } from "../core/random";
import { type CoreState, emptyState } from "../core/state";
import { TaskTable } from "../core/task-table";
import type { Now } from "../core/time";
import type { Store } from "../ports/store";
import { parseAsk } from "./ask-documents";
import { dayAsStored } from "./day-watch";
import { parseDay, parseInstance, parseTask } from "./documents";
import { taskView } from "./task-view";

const recentEndsMax = 500;

export interface Loaded {
  readonly state: CoreState;
  readonly clockMs: number;
  /** The highest sequence number given to a task that is still there. */
  readonly lastSequence: number;
}

/** The state of the last commit, whoever made it. The day is the last one that was stored: the calendar may have turned since. */
export function loadState(store: Store, policy: Policy, seed: RandomState, today: string): Loaded {
  const loaded = store.load();
  const tasks = loaded.tasks.map(parseTask);
  const instances = loaded.instances.map(parseInstance);
  const asks = loaded.asks.map(parseAsk);
  const newest = store.tasks({ limit: recentEndsMax }).map(parseTask);
  const state: CoreState = {
    ...emptyState(policy, seed),
    tasks: TaskTable.of(tasks),
    instances: new Map(instances.map((instance) => [instance.id, instance])),
    day: loaded.day === undefined ? dayAsStored(store, today) : parseDay(loaded.day),
    asks: new Map(asks.map((ask) => [ask.id, ask])),
  };
  const lastSequence = [...tasks, ...newest].reduce((highest, { sequence }) => Math.max(highest, sequence), 0);
  return { state, clockMs: loaded.clockMs, lastSequence };
}

/** Tasks that ended before this bridge started, newest first. */
export function recentEnds(store: Store, now: Now): readonly TaskView[] {
  return store.tasks({ limit: recentEndsMax, ended: true }).map((json) => taskView(parseTask(json), now));
}
