import { recoverAnswers } from "./ask-decision";
import { move, withAttempt } from "./attempt";
import { beginEnd } from "./attempt-end";
import { recoverDay } from "./day";
import type { Draft } from "./draft";
import { hold } from "./host-machine";
import type { Instance } from "./instance";
import type { ActiveTask } from "./task";

/**
 * After a start of the bridge the state is as the last commit left it; effects asked for then may have run or not.
 * Each is asked for again where that is harmless, and where it is not (a prompt), the server is asked first.
 */
export function onBridgeStarted(draft: Draft): void {
  for (const instance of draft.instances.values()) recoverInstance(draft, instance);
  for (const task of draft.tasks.active()) recoverAttempt(draft, released(draft, task));
  recoverAnswers(draft);
  // No link is there yet.
  for (const host of draft.hosts.values()) if (host.link.kind === "down") hold(draft, host.id);
  recoverDay(draft);
  draft.reschedule = true;
}

function recoverInstance(draft: Draft, instance: Instance): void {
  const health = { aliveAtMs: draft.now.ms, probing: false };
  switch (instance.state.kind) {
    case "starting":
    case "draining": {
      const known: Instance = { ...instance, health };
      draft.putInstance(known, { passing: true });
      draft.ask({ kind: "adopt-instance", instance: known });
      return;
    }
    case "ready":
    case "unready": {
      const adopting: Instance = { ...instance, health, state: { kind: "unready", reason: "adopting" } };
      draft.putInstance(adopting, { passing: true });
      draft.ask({ kind: "adopt-instance", instance: adopting });
      return;
    }
    case "stopping": {
      const { state } = instance;
      const stopping: Instance = state.next === "rest" ? { ...instance, state: { ...state, next: "start" } } : instance;
      if (stopping !== instance) draft.putInstance(stopping);
      draft.ask({ kind: "stop-instance", instance: stopping });
      return;
    }
    case "sweeping":
      draft.ask({ kind: "sweep-instance", instance });
      return;
    case "queued":
    case "backoff":
    case "failed":
      return;
    case "stopped":
      if (instance.state.resting) draft.putInstance({ ...instance, state: { kind: "queued" } });
      return;
  }
}

/** Whether its host can be reached is found out anew. */
function released(draft: Draft, task: ActiveTask): ActiveTask {
  if (task.state.attempt.heldSinceMs === undefined) return task;
  const free = withAttempt(task, { heldSinceMs: undefined, runningSinceMs: draft.now.ms });
  draft.putTask(free, { passing: true });
  return free;
}

/** What needs the server waits until its stream is open: then every turn is inspected (reinspectAttempts). */
function recoverAttempt(draft: Draft, task: ActiveTask): void {
  const { phase, ending } = task.state.attempt;
  const { ms } = draft.now;
  switch (phase.kind) {
    case "preparing":
      move(draft, task, phase, { effect: "prepare-workspace" });
      return;
    case "opening":
      move(draft, task, { kind: "opening", tries: phase.tries }, { effect: "open-session" });
      return;
    case "sending":
    case "accepted":
    case "doubtful": {
      const doubtful = move(draft, task, { kind: "doubtful", tries: 0, dueAtMs: ms + draft.policy.verifyAfterMs }, { passing: true });
      if (ending) beginEnd(draft, doubtful, ending);
      return;
    }
    case "started":
      move(draft, task, { kind: "started", progressAtMs: ms, dueAtMs: ms + draft.policy.verifyAfterMs }, { passing: true });
      return;
    case "waiting":
      return;
    case "aborting":
      move(draft, task, { ...phase, dueAtMs: ms + draft.policy.verifyAfterMs }, { passing: true });
      return;
    case "collecting":
      move(draft, task, { ...phase, dueAtMs: undefined }, { effect: "finish-workspace" });
      return;
  }
}

/** The machine slept, or the bridge was stopped: nothing is late because of it, but everything may have changed. */
export function onBridgeResumed(draft: Draft): void {
  const { ms } = draft.now;
  for (const instance of draft.instances.values()) {
    draft.putInstance({ ...instance, health: { aliveAtMs: ms, probing: false } }, { passing: true });
  }
  for (const task of draft.tasks.active()) {
    const { phase } = task.state.attempt;
    if (phase.kind === "started") move(draft, task, { ...phase, progressAtMs: ms, dueAtMs: ms }, { passing: true });
    if (phase.kind === "accepted") move(draft, task, { ...phase, dueAtMs: ms }, { passing: true });
  }
}
