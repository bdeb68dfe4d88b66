import type { ErrorInfo } from "../../shared/errors";
import { doubtAsks, onAnswerFailed, onAskClosed, onAskOpened, onAsksListed } from "./asks";
import { reinspectAttempts } from "./attempt-loss";
import type { Draft } from "./draft";
import type { CommandEvent, InstanceEvent } from "./event";
import { isCutOff } from "./host";
import { type Instance, isServing } from "./instance";
import { beginSweep, onExited, onStopped, onSwept, settleStop } from "./instance-exit";
import { noteMemory } from "./instance-memory";
import { beginStop, drain } from "./instance-stop";

export function onInstanceRequested(draft: Draft, event: Extract<CommandEvent, { kind: "instance-requested" }>): void {
  if (draft.instances.has(event.instance.id)) return draft.drop();
  draft.putInstance({ ...event.instance, state: { kind: "queued" } });
}

export function onStartRequested(draft: Draft, event: Extract<CommandEvent, { kind: "instance-start-requested" }>): void {
  const instance = draft.instances.get(event.instanceId);
  if (!instance) return draft.drop();
  const { kind } = instance.state;
  if (kind !== "stopped" && kind !== "failed" && kind !== "backoff") return draft.drop();
  draft.putInstance({ ...instance, exitsAtMs: [], state: { kind: "queued" } });
}

export function onStopRequested(draft: Draft, event: Extract<CommandEvent, { kind: "instance-stop-requested" }>): void {
  const instance = draft.instances.get(event.instanceId);
  if (!instance) return draft.drop();
  switch (instance.state.kind) {
    case "ready":
    case "unready":
    case "draining":
      if (event.drain) return drain(draft, instance, event.next);
      return beginStop(draft, instance, event.next);
    case "starting":
      return beginStop(draft, instance, event.next);
    case "stopping":
      draft.putInstance({ ...instance, state: { ...instance.state, next: event.next } });
      return;
    case "queued":
    case "backoff":
    case "failed":
    case "stopped":
      return settleStop(draft, instance, event.next);
    case "sweeping":
      draft.putInstance({ ...instance, state: { kind: "stopping", next: event.next, killed: true } });
      return;
  }
}

/** Boots waiting instances, a few at a time: a boot costs 3 CPU-seconds. */
export function bootNext(draft: Draft): void {
  let starting = 0;
  for (const instance of draft.instances.values()) if (instance.state.kind === "starting") starting += 1;
  for (const instance of draft.instances.values()) {
    if (starting >= draft.policy.startsAtOnceMax) return;
    if (instance.state.kind !== "queued" || isCutOff(instance, draft.hosts)) continue;
    starting += 1;
    const deadlineMs = draft.now.ms + draft.policy.startTimeoutMs;
    const started: Instance = {
      ...instance,
      incarnation: instance.incarnation + 1,
      identity: undefined,
      startedAtEpochMs: draft.now.epochMs,
      state: { kind: "starting", deadlineMs },
    };
    draft.putInstance(started);
    draft.ask({ kind: "launch-instance", instance: started });
  }
}

export function onInstanceEvent(draft: Draft, event: InstanceEvent): void {
  const instance = draft.instances.get(event.instanceId);
  // Late news: a later start of the instance exists, or none at all.
  if (!instance || event.incarnation !== instance.incarnation) return draft.drop();
  switch (event.kind) {
    case "instance-launched":
      return onProcessFound(draft, instance, { identity: event.identity, port: event.port });
    case "instance-adopted":
      return onProcessFound(draft, instance, { identity: event.identity });
    case "instance-answered":
      return onAnswered(draft, instance, event.version);
    case "instance-start-failed":
      return onStartFailed(draft, instance, event.error, event.fatal);
    case "instance-exited":
      return onExited(draft, instance, event.error);
    case "instance-swept":
      return onSwept(draft, instance);
    case "instance-stopped":
      return onStopped(draft, instance);
    case "stream-opened":
      return onStreamOpened(draft, instance);
    case "stream-lost":
      return onStreamLost(draft, instance);
    case "instance-alive":
      return noteAlive(draft, instance);
    case "instance-measured":
      return noteMemory(draft, instance, event.rssBytes);
    case "probe-failed":
      return onProbeFailed(draft, instance, event.cpuMs);
    case "asks-listed":
      if (!isServing(instance)) return draft.drop();
      return onAsksListed(draft, instance, event.asks);
    case "ask-opened":
      if (!isServing(instance)) return draft.drop();
      return onAskOpened(draft, instance, event.ask);
    case "ask-closed":
      return onAskClosed(draft, event.askId, event.closing);
    case "ask-answer-failed":
      return onAnswerFailed(draft, instance, event.askId);
  }
}

function onProcessFound(draft: Draft, instance: Instance, found: Pick<Instance, "identity"> & Partial<Pick<Instance, "port">>): void {
  const known: Instance = { ...instance, ...found };
  draft.putInstance(known);
  // The stop waited for it.
  if (instance.state.kind === "stopping" && !instance.identity) draft.ask({ kind: "stop-instance", instance: known });
}

function onStartFailed(draft: Draft, instance: Instance, error: ErrorInfo, fatal: boolean): void {
  if (instance.state.kind === "starting") return beginSweep(draft, instance, error, fatal);
  if (instance.state.kind === "stopping" && !instance.identity) return draft.ask({ kind: "sweep-instance", instance });
  draft.drop();
}

function onAnswered(draft: Draft, instance: Instance, version: string): void {
  if (instance.state.kind !== "starting") return draft.drop();
  const answered: Instance = {
    ...instance,
    version,
    state: { kind: "unready", reason: "connecting" },
    health: { aliveAtMs: draft.now.ms, probing: false },
  };
  draft.putInstance(answered);
  draft.ask({ kind: "watch-instance", instance: answered });
}

/** From here on nothing is missed; what was missed before is asked for. */
function onStreamOpened(draft: Draft, instance: Instance): void {
  const health = { aliveAtMs: draft.now.ms, probing: false };
  switch (instance.state.kind) {
    case "ready":
    case "unready":
      draft.putInstance({ ...instance, health, state: { kind: "ready" } }, { passing: instance.state.kind === "ready" });
      draft.reschedule = true;
      break;
    case "draining":
      draft.putInstance({ ...instance, health }, { passing: true });
      break;
    default:
      return draft.drop();
  }
  if (instance.state.kind === "unready" && instance.directories.length > 0) draft.ask({ kind: "warm-instance", instance });
  doubtAsks(draft, instance);
  draft.ask({ kind: "list-asks", instance });
  reinspectAttempts(draft, instance);
}

/** Not ready before the stream is open again, however well the server answers: what happens meanwhile is missed. */
function onStreamLost(draft: Draft, instance: Instance): void {
  const { state } = instance;
  if (state.kind !== "ready" && !(state.kind === "unready" && state.reason === "silent")) return;
  draft.putInstance({ ...instance, state: { kind: "unready", reason: "connecting" } }, { passing: true });
}

function noteAlive(draft: Draft, instance: Instance): void {
  const health = { ...instance.health, aliveAtMs: draft.now.ms, probing: false };
  const back = instance.state.kind === "unready" && instance.state.reason === "silent";
  draft.putInstance({ ...instance, health, state: back ? { kind: "ready" } : instance.state }, { passing: true });
  if (back) draft.reschedule = true;
}

/** Dead only when silent for long and using no CPU between two probes: a busy server is never killed for slowness. */
function onProbeFailed(draft: Draft, instance: Instance, cpuMs: number | undefined): void {
  const { health, state } = instance;
  const silentMs = draft.now.ms - health.aliveAtMs;
  const idle = cpuMs !== undefined && health.cpuMs !== undefined && cpuMs - health.cpuMs < 50;
  const probed: Instance = { ...instance, health: { ...health, probing: false, cpuMs } };
  const alive = state.kind === "ready" || state.kind === "unready" || state.kind === "draining";
  if (!alive) return;
  if (silentMs < draft.policy.deadAfterSilenceMs || !idle) return draft.putInstance(probed, { passing: true });
  // What it was to do after its drain stands.
  const next = state.kind === "draining" ? state.next : "start";
  const killing: Instance = { ...probed, state: { kind: "stopping", next, killed: true } };
  draft.putInstance(killing);
  draft.ask({ kind: "kill-instance", instance: killing });
}
