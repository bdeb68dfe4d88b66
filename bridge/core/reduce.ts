import { onAnswerRequested } from "./ask-decision";
import { onAborted, onFinish } from "./attempt-end";
import { onStartEvent } from "./attempt-start";
import { onInspection, onSessionEvent } from "./attempt-turn";
import { closeDay, onDayAllowed, onDayBegan } from "./day";
import { onTick } from "./deadlines";
import { Draft, type Transition } from "./draft";
import type { BridgeEvent, CommandEvent, Event } from "./event";
import { onHostEvent } from "./host-machine";
import { bootNext, onInstanceEvent, onInstanceRequested, onStartRequested, onStopRequested } from "./instance-machine";
import { stopIfDrained } from "./instance-stop";
import { onBridgeResumed, onBridgeStarted } from "./recovery";
import { schedule } from "./scheduler";
import type { CoreState } from "./state";
import { onCancelRequested, onRetryRequested, onSubmitted } from "./task-commands";
import type { Now } from "./time";

/**
 * All policy: what has happened in, the next state and what is asked of the outside out. Pure; the caller commits the changed
 * tasks and instances before it runs the effects.
 */
export function reduce(state: CoreState, event: Event, now: Now): Transition {
  const draft = new Draft(state, now);
  apply(draft, event);
  closeDay(draft);
  bootNext(draft);
  if (draft.reschedule) {
    for (const instance of draft.instances.values()) stopIfDrained(draft, instance.id);
    schedule(draft);
  }
  return draft.finish();
}

function apply(draft: Draft, event: Event): void {
  switch (event.kind) {
    case "task-submitted":
    case "task-cancel-requested":
    case "task-retry-requested":
    case "ask-answer-requested":
    case "instance-requested":
    case "instance-start-requested":
    case "instance-stop-requested":
    case "day-allowed":
      return onCommand(draft, event);
    case "workspace-prepared":
    case "workspace-failed":
    case "session-opened":
    case "session-failed":
    case "prompt-accepted":
    case "prompt-refused":
    case "prompt-doubtful":
      return onStartEvent(draft, event);
    case "turn-inspected":
    case "inspection-failed":
      return onInspection(draft, event);
    case "turn-aborted":
      return onAborted(draft, event);
    case "workspace-finished":
    case "finish-failed":
      return onFinish(draft, event);
    case "turn-started":
    case "turn-progressed":
    case "turn-settled":
    case "turn-retrying":
    case "usage-reported":
      return onSessionEvent(draft, event);
    case "instance-launched":
    case "instance-answered":
    case "instance-start-failed":
    case "instance-adopted":
    case "instance-exited":
    case "instance-swept":
    case "instance-stopped":
    case "stream-opened":
    case "stream-lost":
    case "instance-alive":
    case "instance-measured":
    case "probe-failed":
    case "asks-listed":
    case "ask-opened":
    case "ask-closed":
    case "ask-answer-failed":
      return onInstanceEvent(draft, event);
    case "host-added":
    case "host-removed":
    case "host-connected":
    case "host-lost":
    case "host-measured":
    case "host-models-listed":
      return onHostEvent(draft, event);
    case "tick":
    case "bridge-started":
    case "bridge-resumed":
    case "day-began":
      return onBridgeEvent(draft, event);
  }
}

/** What a person asked for. */
function onCommand(draft: Draft, event: CommandEvent): void {
  switch (event.kind) {
    case "task-submitted":
      return onSubmitted(draft, event);
    case "task-cancel-requested":
      return onCancelRequested(draft, event);
    case "task-retry-requested":
      return onRetryRequested(draft, event);
    case "ask-answer-requested":
      return onAnswerRequested(draft, event);
    case "instance-requested":
      return onInstanceRequested(draft, event);
    case "instance-start-requested":
      return onStartRequested(draft, event);
    case "instance-stop-requested":
      return onStopRequested(draft, event);
    case "day-allowed":
      return onDayAllowed(draft, event);
  }
}

function onBridgeEvent(draft: Draft, event: BridgeEvent): void {
  switch (event.kind) {
    case "tick":
      return onTick(draft);
    case "bridge-started":
      return onBridgeStarted(draft);
    case "bridge-resumed":
      return onBridgeResumed(draft);
    case "day-began":
      return onDayBegan(draft, event);
  }
}

/** What stays in memory after the commit: ended tasks live on in the store only. */
export function withoutEnded(state: CoreState): CoreState {
  const tasks = state.tasks.withoutEnded();
  return tasks === state.tasks ? state : { ...state, tasks };
}
