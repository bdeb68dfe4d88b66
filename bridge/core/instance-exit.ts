import type { ErrorInfo } from "../../shared/errors";
import { closeAsksOf } from "./asks";
import { loseAttempts } from "./attempt-loss";
import { isMasterless, serverlessness } from "./dedicated";
import type { Draft } from "./draft";
import type { AfterStop, Instance, InstanceState } from "./instance";
import { afterExit } from "./restart-policy";
import { isQueued } from "./task";
import { endTask } from "./task-end";

export function onExited(draft: Draft, instance: Instance, error: ErrorInfo): void {
  switch (instance.state.kind) {
    case "starting":
    case "ready":
    case "unready":
      return beginSweep(draft, instance, error, false);
    case "draining":
      if (instance.state.next === "start") return beginSweep(draft, instance, error, false);
      return sweepForGood(draft, instance, instance.state.next);
    case "stopping":
      // An adopted start of which nothing is left: the stop waited for it.
      if (!instance.identity) draft.ask({ kind: "sweep-instance", instance });
      return;
    case "queued":
    case "sweeping":
    case "backoff":
    case "failed":
    case "stopped":
      return;
  }
}

export function beginSweep(draft: Draft, instance: Instance, error: ErrorInfo, fatal: boolean): void {
  const sweeping: Instance = { ...instance, state: { kind: "sweeping", error, fatal } };
  draft.putInstance(sweeping);
  closeAsksOf(draft, instance.id);
  draft.ask({ kind: "sweep-instance", instance: sweeping });
}

/** It was to stop anyway: its exit is no reason to start it again. */
function sweepForGood(draft: Draft, instance: Instance, next: AfterStop): void {
  const stopping: Instance = { ...instance, state: { kind: "stopping", next, killed: true } };
  draft.putInstance(stopping);
  closeAsksOf(draft, instance.id);
  draft.ask({ kind: "sweep-instance", instance: stopping });
}

/** Proof of death: the process and all its children are gone. Only now do its tasks move. */
export function onSwept(draft: Draft, instance: Instance): void {
  const { state } = instance;
  if (state.kind === "stopping") return onStopped(draft, instance);
  if (state.kind !== "sweeping") return draft.drop();
  loseAttempts(draft, instance, state.error, true);
  if (isMasterless(draft, instance)) return forgetInstance(draft, instance);
  const next: Instance = state.fatal
    ? { ...instance, identity: undefined, state: { kind: "failed", error: state.error } }
    : afterExit(draft, instance, state.error);
  draft.putInstance(next);
}

export function onStopped(draft: Draft, instance: Instance): void {
  const { state } = instance;
  if (state.kind !== "stopping") return draft.drop();
  closeAsksOf(draft, instance.id);
  const error = {
    code: "INSTANCE_EXITED",
    message: `${instance.name} ${state.killed ? "ended before its turns did" : "was stopped"}`,
  } as const;
  loseAttempts(draft, instance, error, state.killed);
  if (isMasterless(draft, instance)) return forgetInstance(draft, instance);
  if (state.killed && state.next === "start") return draft.putInstance(afterExit(draft, instance, error));
  settleStop(draft, instance, state.next);
}

export function settleStop(draft: Draft, instance: Instance, next: AfterStop): void {
  const state: InstanceState = next === "start" ? { kind: "queued" } : { kind: "stopped", resting: next === "rest" };
  const settled: Instance = { ...instance, identity: undefined, exitsAtMs: [], state };
  if (next === "remove") forgetInstance(draft, instance);
  else draft.putInstance(settled);
}

/** Tasks that can run nowhere else end with it. */
export function forgetInstance(draft: Draft, instance: Instance): void {
  draft.removeInstance(instance.id);
  draft.reschedule = true;
  const task = instance.dedicatedTo === undefined ? undefined : draft.tasks.get(instance.dedicatedTo);
  const error = task && isQueued(task) ? serverlessness(draft, task) : undefined;
  if (task && error) endTask(draft, task, { kind: "failed", endedAtEpochMs: draft.now.epochMs, error });
}
