import type { ErrorInfo } from "../../shared/errors";
import type { HappeningKind } from "../../shared/happening";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import type { Instance } from "./instance";
import type { CoreState } from "./state";
import { hasEnded, isActive, type Task } from "./task";
import type { Now } from "./time";

/** A change of state that somebody may want to be told of; what it names is in the state that it came to. */
export interface Happening {
  /** The same however often it is told: kind, subject and the engine clock, which never goes back. */
  readonly id: string;
  readonly kind: HappeningKind;
  readonly atEpochMs: number;
  readonly task?: Task | undefined;
  readonly askId?: AskId | undefined;
  readonly instanceId?: InstanceId | undefined;
  readonly hostId?: HostId | undefined;
  readonly reason?: string | undefined;
}

type What = Omit<Happening, "id" | "atEpochMs">;

interface Turn {
  readonly before: CoreState;
  /** Still holds the tasks that the turn ended. */
  readonly after: CoreState;
  readonly changedTasks: ReadonlySet<TaskId>;
  readonly changedInstances: ReadonlySet<InstanceId>;
}

/**
 * What one turn of the engine made happen. It compares what is stored with what will be, so that a bridge that starts tells nothing
 * again; states that came and went within the turn are nothing that happened.
 */
export function happeningsOf(turn: Turn, now: Now): readonly Happening[] {
  const found = [...hostNews(turn), ...instanceNews(turn), ...taskNews(turn), ...limitNews(turn)];
  return found.map((what) => ({ ...what, id: `${what.kind}/${subjectOf(what)}/${now.ms.toFixed(3)}`, atEpochMs: now.epochMs }));
}

function subjectOf({ task, askId, instanceId, hostId }: What): string {
  return askId ?? task?.id ?? instanceId ?? hostId ?? "day";
}

function taskNews({ before, after, changedTasks }: Turn): readonly What[] {
  return [...changedTasks].flatMap((id) => {
    const task = after.tasks.get(id);
    return task ? ofTask(before.tasks.get(id), task) : [];
  });
}

function ofTask(before: Task | undefined, task: Task): readonly What[] {
  const { state } = task;
  if (hasEnded(task) && state.kind !== "active" && state.kind !== "queued") {
    return before && hasEnded(before) ? [] : [{ kind: `task.${state.kind}`, task, instanceId: task.attempts.at(-1)?.instanceId }];
  }
  if (!isActive(task)) return [];
  const { number, instanceId } = task.state.attempt;
  const isNew = !(before && isActive(before) && before.state.attempt.number === number);
  const started: readonly What[] = isNew ? [{ kind: "task.started", task, instanceId }] : [];
  return [...started, ...askNews(isNew ? undefined : before, task).map((news) => ({ ...news, task, instanceId }))];
}

/** By the asks that the task waits for, which are stored: those that a bridge lists again after its start are no news. */
function askNews(before: Task | undefined, task: Task): readonly Pick<What, "kind" | "askId">[] {
  const [known, open] = [asksOf(before), asksOf(task)];
  const opened = open.filter((id) => !known.includes(id)).map((askId) => ({ kind: "ask.opened", askId }) as const);
  const goesOn = isActive(task) && ["waiting", "started"].includes(task.state.attempt.phase.kind);
  const answered = goesOn ? known.filter((id) => !open.includes(id)).map((askId) => ({ kind: "ask.answered", askId }) as const) : [];
  return [...opened, ...answered];
}

function asksOf(task: Task | undefined): readonly AskId[] {
  return task && isActive(task) && task.state.attempt.phase.kind === "waiting" ? task.state.attempt.phase.askIds : [];
}

function instanceNews({ before, after, changedInstances }: Turn): readonly What[] {
  return [...changedInstances].flatMap((instanceId): readonly What[] => {
    const instance = after.instances.get(instanceId);
    if (!instance) return [];
    const earlier = before.instances.get(instanceId);
    if (instance.state.kind === "failed" && earlier?.state.kind !== "failed") {
      return [{ kind: "instance.failed", instanceId, hostId: instance.host, reason: said(instance.state.error) }];
    }
    return hasRestarted(earlier, instance) ? [{ kind: "instance.restarted", instanceId, hostId: instance.host }] : [];
  });
}

/** It answers again by a start of its own: one that was adopted, or heard again, never went away. */
function hasRestarted(before: Instance | undefined, after: Instance): boolean {
  const isUp = after.state.kind === "ready" || after.state.kind === "unready";
  if (!isUp || after.incarnation < 2 || !before) return false;
  return before.incarnation < after.incarnation || before.state.kind === "starting";
}

function hostNews({ before, after }: Turn): readonly What[] {
  if (before.hosts === after.hosts) return [];
  return [...after.hosts.values()].flatMap(({ id, link }): readonly What[] => {
    const earlier = before.hosts.get(id)?.link;
    if (link.kind === "down") return earlier?.kind === "up" ? [{ kind: "host.lost", hostId: id, reason: said(link.reason) }] : [];
    return earlier?.kind === "down" && earlier.wasUp ? [{ kind: "host.back", hostId: id }] : [];
  });
}

function limitNews({ before: { day: before }, after: { day } }: Turn): readonly What[] {
  const wasReached = before.reached !== undefined && before.name === day.name;
  if (day.reached !== undefined) return wasReached ? [] : [{ kind: "limit.reached", reason: day.reached }];
  return before.reached === undefined ? [] : [{ kind: "limit.lifted" }];
}

function said({ code, message }: ErrorInfo): string {
  return `${code}: ${message}`;
}
