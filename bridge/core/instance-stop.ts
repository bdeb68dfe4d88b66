import type { InstanceId } from "../../shared/ids";
import type { Draft } from "./draft";
import type { AfterStop, Instance } from "./instance";

/** Gives it no more work; once its turns have ended it is stopped. */
export function drain(draft: Draft, instance: Instance, next: AfterStop): void {
  const sinceMs = instance.state.kind === "draining" ? instance.state.sinceMs : draft.now.ms;
  draft.putInstance({ ...instance, state: { kind: "draining", next, sinceMs } });
  stopIfDrained(draft, instance.id);
}

/** A session that no abort ends can only be ended with its server. */
export function drainForRestart(draft: Draft, id: InstanceId): void {
  const instance = draft.instances.get(id);
  if (instance?.state.kind === "ready" || instance?.state.kind === "unready") drain(draft, instance, "start");
}

/** Turns that hold a drain up. A stuck one, which no abort ends, does not. */
function holdsDrain(draft: Draft, id: InstanceId): boolean {
  for (const task of draft.tasks.active()) {
    if (task.state.attempt.instanceId !== id) continue;
    const { phase } = task.state.attempt;
    if (phase.kind !== "aborting" && phase.kind !== "collecting") return true;
    if (phase.kind === "aborting" && phase.tries < 3) return true;
  }
  return false;
}

export function stopIfDrained(draft: Draft, id: InstanceId): void {
  const instance = draft.instances.get(id);
  if (instance?.state.kind !== "draining" || holdsDrain(draft, id)) return;
  beginStop(draft, instance, instance.state.next);
}

/**
 * Orderly: turns aborted and finalised, then the process, then what it left behind. A start under way comes first: a process that nobody
 * knows yet would outlive the stop.
 */
export function beginStop(draft: Draft, instance: Instance, next: AfterStop): void {
  const stopping: Instance = { ...instance, state: { kind: "stopping", next, killed: false } };
  draft.putInstance(stopping);
  if (instance.state.kind !== "starting" || instance.identity) draft.ask({ kind: "stop-instance", instance: stopping });
}

/** Stops it, whatever it does, and forgets it. */
export function retire(draft: Draft, instance: Instance): void {
  switch (instance.state.kind) {
    case "queued":
    case "backoff":
    case "failed":
    case "stopped":
      return draft.removeInstance(instance.id);
    case "starting":
    case "ready":
    case "unready":
    case "draining":
      return beginStop(draft, instance, "remove");
    case "stopping":
      return draft.putInstance({ ...instance, state: { ...instance.state, next: "remove" } });
    case "sweeping":
      return draft.putInstance({ ...instance, state: { kind: "stopping", next: "remove", killed: true } });
  }
}
