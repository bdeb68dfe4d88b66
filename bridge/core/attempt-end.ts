import type { AttemptRecord, BranchResult } from "../../shared/task";
import { closeAsk } from "./ask-close";
import { fenced, isLinkTrouble, move, withAttempt } from "./attempt";
import { backoffDelayMs } from "./backoff";
import { bookUsage } from "./day";
import { serverlessness } from "./dedicated";
import type { Draft } from "./draft";
import type { AttemptEvent } from "./event";
import { drainForRestart } from "./instance-stop";
import { type ActiveTask, type Attempt, type AttemptEnd, type AttemptPhase, ranMs, type Task } from "./task";
import { endTask } from "./task-end";
import { overLimit } from "./task-limits";

const finishTriesMax = 5;
const finishRetryMs = 1_000;
const abortRetryMs = 500;
const abortRetryMaxMs = 10_000;
const quietLookMs = 1_000;
/** Aborts that did nothing before the instance is drained and restarted: its session is stuck. */
const abortTriesMax = 8;

/** Ends the attempt as soon as it can be: a living turn is aborted first, an effect that cannot be taken back is awaited. */
export function beginEnd(draft: Draft, task: ActiveTask, end: AttemptEnd): void {
  const { phase } = task.state.attempt;
  switch (phase.kind) {
    case "preparing":
    case "sending":
      draft.putTask(withAttempt(task, { ending: stronger(task.state.attempt.ending, end) }));
      return;
    case "opening":
      if (phase.dueAtMs !== undefined) return collect(draft, task, end);
      draft.putTask(withAttempt(task, { ending: stronger(task.state.attempt.ending, end) }));
      return;
    case "accepted":
    case "doubtful":
    case "started":
    case "waiting":
      if (task.state.attempt.sessionId === undefined || task.state.attempt.sends === 0) return collect(draft, task, end);
      return abort(draft, task, end);
    case "aborting":
      draft.putTask(withAttempt(task, { phase: { ...phase, end: stronger(phase.end, end) } }));
      return;
    case "collecting":
      draft.putTask(withAttempt(task, { phase: { ...phase, end: phase.end.next === "succeed" ? phase.end : stronger(phase.end, end) } }));
      return;
  }
}

/** Ends what the server does or may yet do for the prompt; what came of it is asked for after. */
export function abort(draft: Draft, task: ActiveTask, end: AttemptEnd): void {
  const { kind } = task.state.attempt.phase;
  const unseen = kind !== "started" && kind !== "waiting";
  move(draft, task, { kind: "aborting", end, tries: 0, unseen }, { effect: "abort-turn", change: { ending: undefined } });
}

/** A person's cancel beats every other reason to end; otherwise the first one stands. */
function stronger(first: AttemptEnd | undefined, second: AttemptEnd): AttemptEnd {
  return first === undefined || second.next === "cancel" ? second : first;
}

export function onAborted(draft: Draft, event: Extract<AttemptEvent, { kind: "turn-aborted" }>): void {
  const task = fenced(draft, event.fence);
  const phase = task?.state.attempt.phase;
  if (!task || phase?.kind !== "aborting") return draft.drop();
  move(draft, task, phase, { effect: "inspect-turn", passing: true });
}

/** The turn goes on in spite of the abort, or nobody knows: again, and in the end restart the instance. */
export function retryAbort(draft: Draft, task: ActiveTask, phase: Extract<AttemptPhase, { kind: "aborting" }>): void {
  const tries = phase.tries + 1;
  const dueAtMs = draft.now.ms + Math.min(abortRetryMs * 2 ** phase.tries, abortRetryMaxMs);
  move(draft, task, { ...phase, tries, dueAtMs, quietSinceMs: undefined }, { passing: true });
  if (tries === abortTriesMax) drainForRestart(draft, task.state.attempt.instanceId);
}

/**
 * There is no turn to abort. A prompt whose turn nobody saw may be on its way yet, and would run for a task that has ended: the abort goes
 * on until the server has answered for a while that nothing came.
 */
export function endWhenQuiet(draft: Draft, task: ActiveTask, phase: Extract<AttemptPhase, { kind: "aborting" }>): void {
  const { ms } = draft.now;
  const quietSinceMs = phase.quietSinceMs ?? ms;
  if (!phase.unseen || ms - quietSinceMs >= draft.policy.lateStartMs) return collect(draft, task, phase.end);
  move(draft, task, { ...phase, quietSinceMs, dueAtMs: ms + quietLookMs }, { passing: true });
}

/** The turn is over: what it left in its worktree is committed before the slot goes free. In place there is nothing to commit. */
export function collect(draft: Draft, task: ActiveTask, end: AttemptEnd): void {
  if (!task.state.attempt.workspace?.branch) return conclude(draft, task, end, undefined);
  move(draft, task, { kind: "collecting", end, tries: 0 }, { effect: "finish-workspace", change: { ending: undefined } });
}

/** Ends it as it is: nobody reaches what it left, and nothing of it lives. */
export function abandon(draft: Draft, task: ActiveTask, end: AttemptEnd): void {
  conclude(draft, task, end, undefined);
}

type FinishEvent = Extract<AttemptEvent, { kind: "workspace-finished" | "finish-failed" }>;

export function onFinish(draft: Draft, event: FinishEvent): void {
  const task = fenced(draft, event.fence);
  const phase = task?.state.attempt.phase;
  if (!task || phase?.kind !== "collecting") return draft.drop();
  if (event.kind === "workspace-finished") return conclude(draft, task, phase.end, event.branch);
  const tries = phase.tries + (isLinkTrouble(draft, task, event.error) ? 0 : 1);
  if (tries < finishTriesMax) {
    move(draft, task, { ...phase, tries, dueAtMs: draft.now.ms + finishRetryMs * 2 ** phase.tries });
    return;
  }
  // The work is still in the worktree; the next prepare there saves it on a branch of its own.
  const end: AttemptEnd = phase.end.next === "succeed" ? { outcome: "failed", next: "fail", error: event.error } : phase.end;
  conclude(draft, task, end, undefined);
}

function conclude(draft: Draft, task: ActiveTask, end: AttemptEnd, branch: BranchResult | undefined): void {
  closeAsksOfSession(draft, task.state.attempt);
  bookUsage(draft, task);
  const counted = end.next !== "retry-free";
  const ended: Task = {
    ...task,
    attempts: [...task.attempts, recordOf(task, end, draft.now.ms)],
    attemptsUsed: task.attemptsUsed + (counted ? 1 : 0),
    branch: branch ?? task.branch,
  };
  draft.reschedule = true;
  switch (end.next) {
    case "succeed":
      return endTask(draft, ended, { kind: "succeeded", endedAtEpochMs: draft.now.epochMs });
    case "cancel": {
      const error = end.error ?? { code: "TASK_CANCELLED", message: "cancelled" };
      return endTask(draft, ended, { kind: "cancelled", endedAtEpochMs: draft.now.epochMs, error });
    }
    case "fail":
      return failTask(draft, ended, end);
    case "retry":
      if (ended.attemptsUsed >= task.spec.attemptsMax) return failTask(draft, ended, end);
      return requeue(draft, ended, end);
    case "retry-free":
      return requeue(draft, ended, end);
  }
}

/** OpenCode goes on listing what an aborted turn asked (seen); nobody waits for it any more. */
function closeAsksOfSession(draft: Draft, { instanceId, sessionId }: Attempt): void {
  for (const ask of draft.asks.values()) {
    if (ask.instanceId === instanceId && ask.rootSessionId === sessionId) closeAsk(draft, ask, { kind: "dropped" });
  }
}

function failTask(draft: Draft, task: Task, end: AttemptEnd): void {
  const error = end.error ?? { code: "INTERNAL", message: "an attempt failed without a reason" };
  endTask(draft, task, { kind: "failed", endedAtEpochMs: draft.now.epochMs, error });
}

function requeue(draft: Draft, task: Task, end: AttemptEnd): void {
  const error = overLimit({ ...task, state: { kind: "queued", sinceMs: 0, notBeforeMs: 0 } }) ?? serverlessness(draft, task);
  if (error) return failTask(draft, task, { ...end, error });
  const { retryDelayMs: firstMs, retryDelayMaxMs: maxMs } = draft.policy;
  // A vanished instance says nothing against the task: at once, elsewhere.
  const delayMs =
    end.outcome === "lost" ? 0 : draft.draw((random) => backoffDelayMs(Math.max(1, task.attemptsUsed), { firstMs, maxMs }, random));
  const notBeforeMs = end.notBeforeMs ?? draft.now.ms + delayMs;
  draft.putTask({ ...task, state: { kind: "queued", sinceMs: draft.now.ms, notBeforeMs } });
}

function recordOf(task: ActiveTask, end: AttemptEnd, nowMs: number): AttemptRecord {
  const { attempt } = task.state;
  return {
    number: attempt.number,
    instanceId: attempt.instanceId,
    incarnation: attempt.incarnation,
    sessionId: attempt.sessionId,
    messageId: attempt.messageId,
    outcome: end.outcome,
    error: end.error,
    usage: attempt.usage,
    durationMs: Math.round(ranMs(attempt, nowMs)),
  };
}
