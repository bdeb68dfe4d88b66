import type { ErrorInfo } from "../../shared/errors";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { Happening } from "../core/happening";
import type { Instance } from "../core/instance";
import type { CoreState } from "../core/state";
import { hasEnded, isQueued, type Task } from "../core/task";
import type { CommittedTurn } from "./engine";

/** One line: what happened, and to what. Ids, codes and reasons only; never a prompt, a title or a model's words. */
export interface EventLine {
  readonly event: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Writes a line for all that matters in each committed turn. `before` is the state that the first of them begins with. */
export function createEventLog(before: CoreState, write: (line: EventLine) => void): (turn: CommittedTurn) => void {
  let last = before;
  return (turn) => {
    for (const line of eventLines(last, turn)) write(line);
    last = turn.state;
  };
}

type Turn = Pick<CommittedTurn, "state" | "changedTasks" | "changedInstances" | "happenings">;

/** In the order of their causes: hosts, instances, what was queued, then what happened to tasks and asks. */
function eventLines(before: CoreState, turn: Turn): readonly EventLine[] {
  const queued = [...turn.changedTasks].flatMap((id) => ofQueue(before, turn.state, id));
  const instances = [...turn.changedInstances].flatMap((id) => ofInstance(before, turn.state, id));
  return [...ofHosts(before, turn.state), ...instances, ...queued, ...turn.happenings.flatMap((what) => ofHappening(turn.state, what))];
}

function ofQueue(before: CoreState, after: CoreState, id: TaskId): readonly EventLine[] {
  const [earlier, task] = [before.tasks.get(id), after.tasks.get(id)];
  if (!task || (earlier && isQueued(earlier))) return [];
  const last = task.attempts.at(-1);
  // Submitted and placed in one turn is submitted all the same.
  if (!earlier && !last) return [{ event: "task.submitted", details: { task: id, priority: task.spec.priority } }];
  if (!isQueued(task)) return [];
  if (!earlier || hasEnded(earlier)) return [{ event: "task.retried", details: { task: id, attempts: task.attempts.length } }];
  const why = { attempt: last?.number, instance: last?.instanceId, outcome: last?.outcome, ...ofError(last?.error) };
  return [{ event: "task.requeued", details: { task: id, ...why } }];
}

function ofInstance(before: CoreState, after: CoreState, id: InstanceId): readonly EventLine[] {
  const [earlier, instance] = [before.instances.get(id), after.instances.get(id)];
  if (!instance) return earlier ? [{ event: "instance.removed", details: { instance: id, host: earlier.host } }] : [];
  const { kind } = instance.state;
  const was = earlier?.state.kind;
  if (kind === was && earlier?.incarnation === instance.incarnation) return [];
  const { host, incarnation, identity } = instance;
  return [
    { event: `instance.${kind}`, details: { instance: id, host, incarnation, was, pid: identity?.pid, ...ofError(errorOf(instance)) } },
  ];
}

function errorOf({ state }: Instance): ErrorInfo | undefined {
  return "error" in state ? state.error : undefined;
}

function ofHosts(before: CoreState, after: CoreState): readonly EventLine[] {
  if (before.hosts === after.hosts) return [];
  return [...after.hosts.values()].flatMap(({ id, link }) => {
    if (before.hosts.get(id)?.link.kind === link.kind) return [];
    return [{ event: `host.${link.kind}`, details: { host: id, ...ofError(link.kind === "down" ? link.reason : undefined) } }];
  });
}

function ofHappening(state: CoreState, { kind, task, askId, instanceId, reason }: Happening): readonly EventLine[] {
  // Told above, with every state between.
  if (kind.startsWith("instance.") || kind.startsWith("host.")) return [];
  const ask = askId && { ask: askId, asks: state.asks.get(askId)?.content.kind };
  const session = task && sessionOf(task);
  return [{ event: kind, details: { task: task?.id, ...ask, instance: instanceId, session, reason, ...ofEnd(task) } }];
}

function ofEnd(task: Task | undefined): Readonly<Record<string, unknown>> {
  if (!task) return {};
  if (task.state.kind === "active") return { attempt: task.state.attempt.number };
  return { attempts: task.attempts.length, ...ofError("error" in task.state ? task.state.error : undefined) };
}

function sessionOf(task: Task): string | undefined {
  return task.state.kind === "active" ? task.state.attempt.sessionId : task.attempts.at(-1)?.sessionId;
}

function ofError(error: ErrorInfo | undefined): Readonly<Record<string, unknown>> {
  return error ? { code: error.code, reason: error.message } : {};
}
