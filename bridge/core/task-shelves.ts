import type { InstanceId, TaskId } from "../../shared/ids";
import { attemptDeadlineMs } from "./attempt-deadline";
import { type Load, loadWith, loadWithout, noLoad } from "./load";
import { type Compare, SortedMap } from "./sorted-map";
import { type ActiveTask, type Attempt, isActive, isQueued, type QueuedTask, type Task } from "./task";

interface Moment {
  readonly atMs: number;
  readonly id: TaskId;
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
  /** Active ones by the instant at which time alone changes something about them. */
  readonly due: SortedMap<Moment, ActiveTask>;
  /** Active ones by the session they run in (see `sessionKey`): never two in one. */
  readonly sessions: SortedMap<string, ActiveTask>;
  /** Of the instances that have attempts. */
  readonly loads: SortedMap<InstanceId, Load>;
}
type Line = SortedMap<QueuedTask, QueuedTask>;

const byId: Compare<string> = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byMoment: Compare<Moment> = (a, b) => a.atMs - b.atMs || byId(a.id, b.id);

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
  due: SortedMap.empty(byMoment),
  sessions: SortedMap.empty<string, ActiveTask>(byId),
  loads: SortedMap.empty<InstanceId, Load>(byId),
};

/** A root session of one start of an instance. */
export interface SessionPlace {
  readonly instanceId: string;
  readonly incarnation: number;
  readonly sessionId: string;
}

export function sessionKey({ instanceId, incarnation, sessionId }: SessionPlace): string {
  return `${instanceId} ${incarnation} ${sessionId}`;
}

/** Tasks with the same need can be placed on the same instances: when one of them cannot be placed, none can. */
export function needOf({ id, pin, origin, spec }: Task): string {
  const { model = "", filter } = spec;
  const { instances, hosts, labels } = filter;
  const alone = spec.isolation === "server";
  const atHome = tiedToHome({ origin, spec }) !== undefined;
  const isPlain = !pin && !alone && !atHome && model === "" && instances.length === 0 && hosts.length === 0 && labels.length === 0;
  if (isPlain) return "";
  return JSON.stringify([alone ? id : "", pin ? [pin.instanceId, pin.slot] : [], atHome, model, instances, hosts, labels]);
}

/** Why the task can run on this machine only. */
export function tiedToHome({ origin, spec }: Pick<Task, "origin" | "spec">): string | undefined {
  if (origin.kind === "in-place") return "the task works in a folder of this machine";
  if (origin.kind === "repository" && origin.homeOnly) return "its project's setup runs on this machine only";
  return spec.attachments.length > 0 ? "the task's attachments are on this machine" : undefined;
}

export function shelved(shelves: Shelves, task: Task): Shelves {
  const before = shelves.all.get(task.id);
  const cleared = before ? unshelved(shelves, before) : shelves;
  const listed = { ...cleared, all: cleared.all.with(task.id, task) };
  if (isActive(task)) return active(listed, task);
  if (isQueued(task)) return queued(listed, task);
  return { ...listed, ended: listed.ended.with(task.id, task) };
}

function active(shelves: Shelves, task: ActiveTask): Shelves {
  const { attempt } = task.state;
  const load = loadWith(shelves.loads.get(attempt.instanceId) ?? noLoad, attempt);
  const deadline = deadlineOf(task);
  const session = sessionOf(attempt);
  return {
    ...shelves,
    active: shelves.active.with(task.id, task),
    sessions: session === undefined ? shelves.sessions : shelves.sessions.with(session, task),
    due: deadline ? shelves.due.with(deadline, task) : shelves.due,
    loads: shelves.loads.with(attempt.instanceId, load),
  };
}

function inactive(shelves: Shelves, task: ActiveTask): Shelves {
  const { attempt } = task.state;
  const load = loadWithout(shelves.loads.get(attempt.instanceId) ?? noLoad, attempt);
  const deadline = deadlineOf(task);
  const session = sessionOf(attempt);
  return {
    ...shelves,
    active: shelves.active.without(task.id),
    sessions: session === undefined ? shelves.sessions : shelves.sessions.without(session),
    due: deadline ? shelves.due.without(deadline) : shelves.due,
    loads: load.slots.size > 0 ? shelves.loads.with(attempt.instanceId, load) : shelves.loads.without(attempt.instanceId),
  };
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
  if (isActive(task)) return inactive(shelves, task);
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
  return { ...shelves, all, ended: shelves.ended.cleared() };
}

function wakingOf(task: QueuedTask): Moment {
  return { atMs: task.state.notBeforeMs, id: task.id };
}

function sessionOf({ instanceId, incarnation, sessionId }: Attempt): string | undefined {
  return sessionId === undefined ? undefined : sessionKey({ instanceId, incarnation, sessionId });
}

function deadlineOf(task: ActiveTask): Moment | undefined {
  const atMs = attemptDeadlineMs(task);
  return atMs === undefined ? undefined : { atMs, id: task.id };
}

function expiryOf(task: QueuedTask): Moment | undefined {
  return task.spec.queueTimeMaxMs === 0 ? undefined : { atMs: task.state.sinceMs + task.spec.queueTimeMaxMs, id: task.id };
}
