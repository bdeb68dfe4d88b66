import type { TaskId } from "../../shared/ids";
import { type Compare, SortedMap } from "./sorted-map";
import { type ActiveTask, hasEnded, isActive, isQueued, type QueuedTask, type Task } from "./task";

interface Moment {
  readonly atMs: number;
  readonly task: QueuedTask;
}

/** By id, and once more on the one shelf that its state puts it on. */
export interface Shelves {
  readonly all: SortedMap<TaskId, Task>;
  readonly active: SortedMap<TaskId, ActiveTask>;
  readonly ended: SortedMap<TaskId, Task>;
  /** Queued, and waiting for other tasks. */
  readonly blocked: SortedMap<TaskId, QueuedTask>;
  /** Queued, and not before an instant that had not come when `woken` looked last. */
  readonly later: SortedMap<Moment, QueuedTask>;
  /** Queued and placeable: one line for each thing that tasks can need of an instance (see `needOf`). */
  readonly lines: SortedMap<string, Line>;
  /** Queued for a limited time, by its end: here and on another shelf. */
  readonly expiring: SortedMap<Moment, QueuedTask>;
}
type Line = SortedMap<QueuedTask, QueuedTask>;

const byId: Compare<string> = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byMoment: Compare<Moment> = (a, b) => a.atMs - b.atMs || byId(a.task.id, b.task.id);

/** Highest priority first, then order of submission. */
export const inTurn: Compare<Task> = (a, b) => b.spec.priority - a.spec.priority || a.sequence - b.sequence || byId(a.id, b.id);

export const emptyShelves: Shelves = {
  all: SortedMap.empty<TaskId, Task>(byId),
  active: SortedMap.empty<TaskId, ActiveTask>(byId),
  ended: SortedMap.empty<TaskId, Task>(byId),
  blocked: SortedMap.empty<TaskId, QueuedTask>(byId),
  later: SortedMap.empty(byMoment),
  lines: SortedMap.empty(byId),
  expiring: SortedMap.empty(byMoment),
};

/** Tasks with the same need can be placed on the same instances: when one of them cannot be placed, none can. */
export function needOf({ id, pin, spec }: Task): string {
  const { instances, hosts, labels } = spec.filter;
  const alone = spec.isolation === "server";
  if (!pin && !alone && instances.length === 0 && hosts.length === 0 && labels.length === 0) return "";
  return JSON.stringify([alone ? id : "", pin ? [pin.instanceId, pin.slot] : [], instances, hosts, labels]);
}

export function shelved(shelves: Shelves, task: Task): Shelves {
  const before = shelves.all.get(task.id);
  const cleared = !before || (isActive(before) && isActive(task)) ? shelves : unshelved(shelves, before);
  const listed = { ...cleared, all: cleared.all.with(task.id, task) };
  if (isActive(task)) return { ...listed, active: listed.active.with(task.id, task) };
  if (hasEnded(task)) return { ...listed, ended: listed.ended.with(task.id, task) };
  return isQueued(task) ? queued(listed, task) : listed;
}

function queued(shelves: Shelves, task: QueuedTask): Shelves {
  const expiry = expiryOf(task);
  const noted = expiry ? { ...shelves, expiring: shelves.expiring.with(expiry, task) } : shelves;
  if (task.blockedBy.length > 0) return { ...noted, blocked: noted.blocked.with(task.id, task) };
  if (task.state.notBeforeMs > task.state.sinceMs) return { ...noted, later: noted.later.with(wakingOf(task), task) };
  return inLine(noted, task);
}

function inLine(shelves: Shelves, task: QueuedTask): Shelves {
  const need = needOf(task);
  const line: Line = shelves.lines.get(need) ?? SortedMap.empty<QueuedTask, QueuedTask>(inTurn);
  return { ...shelves, lines: shelves.lines.with(need, line.with(task, task)) };
}

function unshelved(shelves: Shelves, task: Task): Shelves {
  if (isActive(task)) return { ...shelves, active: shelves.active.without(task.id) };
  if (!isQueued(task)) return { ...shelves, ended: shelves.ended.without(task.id) };
  const expiry = expiryOf(task);
  return {
    ...shelves,
    expiring: expiry ? shelves.expiring.without(expiry) : shelves.expiring,
    blocked: shelves.blocked.without(task.id),
    later: shelves.later.without(wakingOf(task)),
    lines: outOfLine(shelves.lines, task),
  };
}

function outOfLine(lines: Shelves["lines"], task: QueuedTask): Shelves["lines"] {
  const need = needOf(task);
  const line = lines.get(need)?.without(task);
  if (!line) return lines;
  return line.size > 0 ? lines.with(need, line) : lines.without(need);
}

/** Those whose `notBeforeMs` has come are in line. */
export function woken(shelves: Shelves, nowMs: number): Shelves {
  const next = shelves.later.first();
  if (!next || next[0].atMs > nowMs) return shelves;
  const [moment, task] = next;
  return woken(inLine({ ...shelves, later: shelves.later.without(moment) }, task), nowMs);
}

export function withoutEnded(shelves: Shelves): Shelves {
  if (shelves.ended.size === 0) return shelves;
  let { all } = shelves;
  for (const id of shelves.ended.keys()) all = all.without(id);
  return { ...shelves, all, ended: emptyShelves.ended };
}

function wakingOf(task: QueuedTask): Moment {
  return { atMs: task.state.notBeforeMs, task };
}

function expiryOf(task: QueuedTask): Moment | undefined {
  return task.spec.queueTimeMaxMs === 0 ? undefined : { atMs: task.state.sinceMs + task.spec.queueTimeMaxMs, task };
}
