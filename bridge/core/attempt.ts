import type { ErrorInfo } from "../../shared/errors";
import { noUsage } from "../../shared/usage";
import type { Draft } from "./draft";
import type { AttemptEffect } from "./effect";
import type { Fence } from "./event";
import { isCutOff, isLinkError } from "./host";
import { type Instance, isReachable } from "./instance";
import { noteDirectory } from "./instance-memory";
import {
  type ActiveTask,
  type Attempt,
  type AttemptEnd,
  type AttemptPhase,
  isActive,
  ranMs,
  type SessionRef,
  type Task,
  type Workspace,
} from "./task";

type AttemptChange = Partial<Omit<Attempt, "phase" | "step" | "number" | "instanceId">>;

function fenceOf(task: ActiveTask): Fence {
  const { number, step } = task.state.attempt;
  return { taskId: task.id, attempt: number, step };
}

/** The task whose attempt still waits for exactly this answer. */
export function fenced(draft: Draft, fence: Fence): ActiveTask | undefined {
  const task = draft.tasks.get(fence.taskId);
  if (!task || !isActive(task)) return undefined;
  const { number, step } = task.state.attempt;
  return number === fence.attempt && step === fence.step ? task : undefined;
}

/** Its server is there to answer: a failure counts. */
export function canBeReached(draft: Draft, task: ActiveTask): boolean {
  const instance = draft.instances.get(task.state.attempt.instanceId);
  return instance !== undefined && isReachable(instance) && !isCutOff(instance, draft.hosts);
}

/** The link to its host is down, or was when this failed: it says nothing about the task. */
export function isLinkTrouble(draft: Draft, task: ActiveTask, error: ErrorInfo): boolean {
  const instance = draft.instances.get(task.state.attempt.instanceId);
  return isLinkError(error) || (instance !== undefined && isCutOff(instance, draft.hosts));
}

export function withAttempt(
  task: ActiveTask,
  change: AttemptChange & { readonly phase?: AttemptPhase; readonly step?: number },
): ActiveTask {
  return { ...task, state: { kind: "active", attempt: { ...task.state.attempt, ...change } } };
}

/** Moves the attempt to a phase, stores it, and asks for the phase's effect; a new effect makes every earlier answer stale. */
export function move(
  draft: Draft,
  task: ActiveTask,
  phase: AttemptPhase,
  options: { readonly change?: AttemptChange; readonly effect?: AttemptEffect["kind"]; readonly passing?: boolean } = {},
): ActiveTask {
  const { step, phase: before } = task.state.attempt;
  const next = withAttempt(task, {
    ...timing(task.state.attempt, before, phase, draft.now.ms),
    ...options.change,
    phase,
    step: options.effect ? step + 1 : step,
  });
  draft.putTask(next, { passing: options.passing ?? false });
  if (options.effect) draft.ask({ kind: options.effect, fence: fenceOf(next), task: next });
  return next;
}

/** Waiting for a person stops the attempt's clock and gives its slot free; going on starts it again. */
function timing(attempt: Attempt, before: AttemptPhase, after: AttemptPhase, nowMs: number): AttemptChange {
  if (before.kind !== "waiting" && after.kind === "waiting") return { ranMs: ranMs(attempt, nowMs) };
  if (before.kind === "waiting" && after.kind !== "waiting") return { runningSinceMs: nowMs };
  return {};
}

/** A new attempt holds its slot from here on: it is the lease. */
export function placeTask(
  draft: Draft,
  task: Task,
  where: { readonly instance: Instance; readonly slot: number; readonly resumes: SessionRef | undefined },
): void {
  const attempt: Attempt = {
    number: task.attempts.length + 1,
    instanceId: where.instance.id,
    host: where.instance.host,
    incarnation: where.instance.incarnation,
    slot: where.slot,
    step: 0,
    resumes: where.resumes,
    partIds: [],
    sends: 0,
    phase: { kind: "preparing" },
    ranMs: 0,
    runningSinceMs: draft.now.ms,
    placedAtMs: draft.now.ms,
    usage: noUsage,
  };
  const placed: ActiveTask = { ...task, state: { kind: "active", attempt } };
  if (task.origin.kind === "in-place") return openSession(draft, placed, { directory: task.origin.directory });
  move(draft, placed, { kind: "preparing" }, { effect: "prepare-workspace" });
}

/** Where it works is ready: the session comes next. */
export function openSession(draft: Draft, task: ActiveTask, workspace: Workspace): void {
  noteDirectory(draft, task, workspace.directory);
  move(draft, task, { kind: "opening", tries: 1 }, { effect: "open-session", change: { workspace } });
}

/** The end of an attempt whose instance vanished. */
export function lostEnd(error: AttemptEnd["error"], counted: boolean): AttemptEnd {
  return { outcome: "lost", next: counted ? "retry" : "retry-free", error };
}
