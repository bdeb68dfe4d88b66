import { isRetryable } from "../../shared/errors";
import { canBeReached, fenced, move, withAttempt } from "./attempt";
import { abort, beginEnd, collect, endWhenQuiet, retryAbort } from "./attempt-end";
import type { Draft } from "./draft";
import type { AttemptEvent, SessionEvent } from "./event";
import { isTurnPhase } from "./phases";
import { inspect, sendPrompt } from "./prompt-steps";
import type { ActiveTask, AttemptEnd } from "./task";
import { overLimit } from "./task-limits";
import type { TurnOutcome, TurnReport } from "./turn";

/** After a hint that the turn settled, look again this soon while the server still calls it running. */
const settlingMs = 5_000;
const settlingInspectMs = 500;
const inspectRetryMs = 1_000;
const inspectRetryMaxMs = 10_000;

/** News of the stream: hints that a turn began, goes on or may be over. */
export function onSessionEvent(draft: Draft, event: SessionEvent): void {
  const task = draft.tasks.inSession(event);
  if (!task) return draft.drop();
  const { attempt } = task.state;
  switch (event.kind) {
    case "turn-started":
      if (event.messageId !== attempt.messageId) return;
      return noteProgress(draft, task);
    case "turn-progressed":
      return noteProgress(draft, task);
    case "turn-retrying":
      return onRetrying(draft, task, event.retry);
    case "usage-reported":
      return onUsage(draft, withAttempt(task, { usage: event.usage }));
    case "turn-settled":
      return onSettled(draft, event.error ? withAttempt(task, { sessionError: event.error }) : task);
  }
}

/** A sign that the turn goes on, and so that it has begun. */
export function noteProgress(draft: Draft, task: ActiveTask): void {
  const { phase, ending } = task.state.attempt;
  if (phase.kind === "started") {
    move(draft, task, { ...phase, progressAtMs: draft.now.ms, retry: undefined }, { passing: phase.retry === undefined });
    return;
  }
  if (phase.kind !== "sending" && phase.kind !== "accepted" && phase.kind !== "doubtful") return;
  const started = begin(draft, task);
  if (ending) beginEnd(draft, started, ending);
}

/** The turn was seen: from now on only its end matters. */
function begin(draft: Draft, task: ActiveTask, retry?: Extract<TurnReport, { kind: "running" }>["retry"]): ActiveTask {
  const { ms } = draft.now;
  return move(draft, task, { kind: "started", progressAtMs: ms, dueAtMs: nextInspectionMs(draft), retry });
}

function onRetrying(draft: Draft, task: ActiveTask, retry: NonNullable<Extract<TurnReport, { kind: "running" }>["retry"]>): void {
  if (!isTurnPhase(task.state.attempt.phase)) return;
  if (task.state.attempt.phase.kind === "waiting" || task.state.attempt.phase.kind === "aborting") return;
  const waitMs = retry.nextAtEpochMs - draft.now.epochMs;
  const started = begin(draft, task, retry);
  if (task.state.attempt.ending) return beginEnd(draft, started, task.state.attempt.ending);
  if (waitMs <= draft.policy.parkAfterRetryDelayMs) return;
  const error = {
    code: "PROVIDER_RATE_LIMITED",
    message: `the provider wants ${Math.round(waitMs / 1000)} s of patience: ${retry.message}`,
  } as const;
  // The provider is to blame, not the instance: the slot goes free, and no attempt is used up.
  beginEnd(draft, started, { outcome: "aborted", next: "retry-free", error, notBeforeMs: draft.now.ms + waitMs });
}

function onUsage(draft: Draft, task: ActiveTask): void {
  // What the verdict said is exact; the stream may be behind it.
  if (!isTurnPhase(task.state.attempt.phase)) return;
  const error = overLimit(task);
  if (error) return beginEnd(draft, task, { outcome: "aborted", next: "fail", error });
  draft.putTask(task, { passing: true });
}

function onSettled(draft: Draft, task: ActiveTask): void {
  const { phase, ending, sessionError } = task.state.attempt;
  // Of the turn before, perhaps: while the prompt is on its way, that the server has none yet says nothing.
  if (phase.kind === "sending" && !ending && sessionError) return draft.putTask(task, { passing: true });
  if (phase.kind === "sending" || phase.kind === "accepted") {
    const doubtful = withAttempt(task, { phase: { kind: "doubtful", tries: 0 } });
    return ending ? beginEnd(draft, doubtful, ending) : inspect(draft, doubtful);
  }
  if (phase.kind === "started") return inspect(draft, withAttempt(task, { phase: { ...phase, settledAtMs: draft.now.ms } }));
  if (isTurnPhase(phase)) inspect(draft, task);
}

type InspectionEvent = Extract<AttemptEvent, { kind: "turn-inspected" | "inspection-failed" }>;

/** What the server knows of the prompt: the only source of truth about a turn. */
export function onInspection(draft: Draft, event: InspectionEvent): void {
  const task = fenced(draft, event.fence);
  if (!task) return draft.drop();
  const { phase } = task.state.attempt;
  if (event.kind === "inspection-failed") return onInspectionFailed(draft, task);
  const { report } = event;
  if (isBeingEnded(draft, task)) return noteLast(draft, task, report);
  switch (report.kind) {
    case "absent":
    case "stored":
      return onNotStarted(draft, task);
    case "running":
      return onRunning(draft, task, report);
    case "interrupted": {
      const error = {
        code: "TURN_INTERRUPTED",
        message: `the turn of attempt ${task.state.attempt.number} was cut off in the middle`,
      } as const;
      const lost: AttemptEnd = { outcome: "lost", next: "retry", error };
      return collect(draft, withAttempt(task, { usage: report.usage }), phase.kind === "aborting" ? phase.end : lost);
    }
    case "ended": {
      const said = { ...withAttempt(task, { usage: report.usage }), text: report.text };
      const end = endOf(report.outcome);
      // A turn that succeeded before our abort reached it has succeeded, unless the person wanted it gone.
      const aborted = phase.kind === "aborting" && !(end.next === "succeed" && phase.end.next !== "cancel");
      return collect(draft, said, aborted ? phase.end : end);
    }
  }
}

/** Its server is being ended, which aborts turns: what has not succeeded by then is lost with it, and moves. */
function isBeingEnded(draft: Draft, task: ActiveTask): boolean {
  const kind = draft.instances.get(task.state.attempt.instanceId)?.state.kind;
  return (kind === "stopping" || kind === "sweeping") && task.state.attempt.phase.kind !== "aborting";
}

function noteLast(draft: Draft, task: ActiveTask, report: TurnReport): void {
  if (report.kind !== "ended" && report.kind !== "interrupted") return;
  const used = withAttempt(task, { usage: report.usage });
  if (report.kind === "interrupted" || report.outcome.kind !== "succeeded") return draft.putTask(used);
  collect(draft, { ...used, text: report.text }, endOf(report.outcome));
}

function onInspectionFailed(draft: Draft, task: ActiveTask): void {
  const { phase } = task.state.attempt;
  const { ms } = draft.now;
  if (phase.kind === "aborting" && canBeReached(draft, task)) return retryAbort(draft, task, phase);
  if (phase.kind === "aborting") {
    move(draft, task, { ...phase, dueAtMs: ms + inspectRetryMs }, { passing: true });
  } else if (phase.kind === "doubtful") {
    const dueAtMs = ms + Math.min(inspectRetryMs * 2 ** phase.tries, inspectRetryMaxMs);
    move(draft, task, { kind: "doubtful", tries: phase.tries + 1, dueAtMs }, { passing: true });
  } else if (phase.kind === "started") {
    move(draft, task, { ...phase, dueAtMs: ms + inspectRetryMaxMs }, { passing: true });
  }
}

/** The server does not run it: the same ids again, which can never make a second turn (seen), or the error it reported. */
function onNotStarted(draft: Draft, task: ActiveTask): void {
  const { phase, sends, sessionError } = task.state.attempt;
  if (phase.kind === "aborting") return endWhenQuiet(draft, task, phase);
  // It was seen to ask a person: this report is older than that.
  if (phase.kind === "waiting") return;
  if (sessionError) return collect(draft, task, endOf({ kind: "failed", error: sessionError }));
  if (sends < draft.policy.sendsMax) return sendPrompt(draft, task);
  const error = { code: "PROMPT_NOT_STARTED", message: `sent ${sends} times, the server never began the turn` } as const;
  abort(draft, task, { outcome: "failed", next: "retry", error });
}

function onRunning(draft: Draft, task: ActiveTask, report: Extract<TurnReport, { kind: "running" }>): void {
  const { phase } = task.state.attempt;
  const { ms } = draft.now;
  switch (phase.kind) {
    case "aborting":
      return retryAbort(draft, task, phase);
    case "doubtful":
      begin(draft, task, report.retry);
      return;
    case "started": {
      const settling = phase.settledAtMs !== undefined && ms - phase.settledAtMs < settlingMs;
      const dueAtMs = settling ? ms + settlingInspectMs : nextInspectionMs(draft);
      const moves = report.toolRuns === true || report.retry !== undefined;
      const progressAtMs = moves ? ms : phase.progressAtMs;
      if (ms - progressAtMs >= draft.policy.wedgedAfterMs) return endWedged(draft, task);
      move(draft, task, { ...phase, progressAtMs, dueAtMs, retry: report.retry }, { passing: true });
      return;
    }
    default:
      return;
  }
}

/** Soon enough that a wedge is seen within twice its time. */
function nextInspectionMs({ now, policy }: Draft): number {
  return now.ms + Math.min(policy.inspectEveryMs, policy.wedgedAfterMs);
}

/** The server was just asked: the turn runs, no tool is at work, no provider is waited for, and nothing came of it for too long. */
function endWedged(draft: Draft, task: ActiveTask): void {
  const message = `no progress for ${Math.round(draft.policy.wedgedAfterMs / 1000)} s`;
  beginEnd(draft, task, { outcome: "failed", next: "retry", error: { code: "TASK_WEDGED", message } });
}

function endOf(outcome: TurnOutcome): AttemptEnd {
  switch (outcome.kind) {
    case "succeeded":
      return { outcome: "succeeded", next: "succeed" };
    case "truncated":
      return {
        outcome: "failed",
        next: "fail",
        error: { code: "TURN_TRUNCATED", message: "the answer was cut at the model's output limit" },
      };
    case "stopped":
      return {
        outcome: "failed",
        next: "fail",
        error: { code: "TURN_STOPPED", message: "the turn ended with a rejected permission or question" },
      };
    case "aborted":
      return { outcome: "aborted", next: "fail", error: { code: "TURN_ABORTED", message: "the turn was aborted in OpenCode" } };
    case "failed":
      return { outcome: "failed", next: isRetryable(outcome.error) ? "retry" : "fail", error: outcome.error };
  }
}
