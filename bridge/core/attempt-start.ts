import { type ErrorInfo, isRetryable } from "../../shared/errors";
import { canBeReached, fenced, isLinkTrouble, lostEnd, move, openSession, withAttempt } from "./attempt";
import { abort, beginEnd, collect } from "./attempt-end";
import type { Draft } from "./draft";
import type { AttemptEvent } from "./event";
import { isTurnPhase } from "./phases";
import { inspect, sendPrompt } from "./prompt-steps";
import type { ActiveTask, AttemptEnd } from "./task";

type StartEvent = Extract<
  AttemptEvent,
  {
    kind:
      | "workspace-prepared"
      | "workspace-failed"
      | "session-opened"
      | "session-failed"
      | "prompt-accepted"
      | "prompt-refused"
      | "prompt-doubtful";
  }
>;

/** Tries to open a session before the attempt fails; the instance is up, so seconds apart is enough. */
const openTriesMax = 5;
const openRetryMs = 1_000;

/** From the lease to a prompt that the server has accepted. */
export function onStartEvent(draft: Draft, event: StartEvent): void {
  const task = fenced(draft, event.fence);
  if (!task) return draft.drop();
  switch (event.kind) {
    case "workspace-prepared":
      return goOn(draft, withAttempt(task, { workspace: event.workspace }), (live) => openSession(draft, live, event.workspace));
    case "workspace-failed":
      return failStart(draft, task, event.error);
    case "session-opened":
      return goOn(draft, openedSession(task, event), (live) => sendPrompt(draft, live));
    case "session-failed":
      return onSessionFailed(draft, task, event.error);
    case "prompt-accepted":
      return onAccepted(draft, task);
    case "prompt-refused":
      return onRefused(draft, task, event.error);
    case "prompt-doubtful":
      return onDoubtful(draft, task);
  }
}

/** Continues, unless the attempt was asked to end while this step was under way: now it can. */
function goOn(draft: Draft, task: ActiveTask, next: (task: ActiveTask) => void): void {
  const { ending, phase } = task.state.attempt;
  if (!ending) next(task);
  else if (isTurnPhase(phase)) beginEnd(draft, task, ending);
  else collect(draft, task, ending);
}

function openedSession(task: ActiveTask, event: Extract<StartEvent, { kind: "session-opened" }>): ActiveTask {
  const { attempt } = task.state;
  const { sessionId, messageId, partIds } = event;
  const directory = attempt.workspace?.directory ?? task.spec.directory;
  return {
    ...task,
    session: { instanceId: attempt.instanceId, sessionId, directory, slot: attempt.slot },
    state: { kind: "active", attempt: { ...attempt, sessionId, messageId, partIds, phase: { kind: "doubtful", tries: 0, dueAtMs: 0 } } },
  };
}

function onSessionFailed(draft: Draft, task: ActiveTask, error: ErrorInfo): void {
  const { phase } = task.state.attempt;
  if (phase.kind !== "opening") return draft.drop();
  const counts = canBeReached(draft, task);
  if (!isRetryable(error) || (counts && phase.tries >= openTriesMax)) return failStart(draft, task, error);
  goOn(draft, task, (live) => {
    move(draft, live, { kind: "opening", tries: phase.tries + (counts ? 1 : 0), dueAtMs: draft.now.ms + openRetryMs * phase.tries });
  });
}

function onAccepted(draft: Draft, task: ActiveTask): void {
  const { phase, sends } = task.state.attempt;
  // The stream may have been faster than the answer.
  if (phase.kind !== "sending") return;
  const dueAtMs = draft.now.ms + draft.policy.verifyAfterMs * 2 ** (sends - 1);
  // A restart that forgets it asks the server all the same: not worth a commit.
  const accepted = move(draft, task, { kind: "accepted", dueAtMs }, { passing: true });
  goOn(draft, accepted, (live) => {
    if (live.state.attempt.sessionError) inspect(draft, live);
  });
}

function onDoubtful(draft: Draft, task: ActiveTask): void {
  // The stream may have shown the turn while the answer was late.
  if (task.state.attempt.phase.kind !== "sending") return;
  goOn(draft, move(draft, task, { kind: "doubtful", tries: 0 }), (live) => inspect(draft, live));
}

function onRefused(draft: Draft, task: ActiveTask, error: ErrorInfo): void {
  const { phase, resumes, ending } = task.state.attempt;
  if (phase.kind !== "sending") return draft.drop();
  if (error.code === "SESSION_UNKNOWN" && resumes && !task.pin && !ending) {
    // The session to go on with is not there any more: a fresh one does.
    move(
      draft,
      task,
      { kind: "opening", tries: 1 },
      { effect: "open-session", change: { resumes: undefined, sessionId: undefined, messageId: undefined, sends: 0 } },
    );
    return;
  }
  failStart(draft, task, error);
}

function failStart(draft: Draft, task: ActiveTask, error: ErrorInfo): void {
  const { phase, sends, ending } = task.state.attempt;
  const failed: AttemptEnd = { outcome: "failed", next: isRetryable(error) ? "retry" : "fail", error };
  const end = ending ?? (isLinkTrouble(draft, task, error) ? lostEnd(error, false) : failed);
  // An earlier sending may begin its turn yet.
  if (phase.kind === "sending" && sends > 1) return abort(draft, task, end);
  collect(draft, task, end);
}
