import type { ErrorInfo } from "../../shared/errors";
import type { HostId } from "../../shared/ids";
import { closeAsksOf } from "./asks";
import { lostEnd, withAttempt } from "./attempt";
import { abandon } from "./attempt-end";
import type { Draft } from "./draft";
import type { HostEvent } from "./event";
import type { Host } from "./host";
import type { Instance } from "./instance";
import { forgetInstance, onExited } from "./instance-exit";
import type { CoreState } from "./state";
import { type ActiveTask, type AttemptPhase, decidedEnd, ranMs } from "./task";

export function onHostEvent(draft: Draft, event: HostEvent): void {
  if (event.kind === "host-added") return addHost(draft, event.host);
  const host = draft.hosts.get(event.hostId);
  if (host) onNews(draft, host, event);
  else draft.drop();
}

function onNews(draft: Draft, host: Host, event: Exclude<HostEvent, { kind: "host-added" }>): void {
  switch (event.kind) {
    case "host-removed":
      return forgetHost(draft, host.id);
    case "host-lost":
      return onLost(draft, host, event.reason);
    case "host-connected":
      return onConnected(draft, host);
    case "host-measured":
      draft.putHost({ ...host, figures: event.figures });
      return;
    case "host-models-listed":
      draft.putHost({ ...host, models: event.models });
      draft.reschedule = true;
      return;
  }
}

function addHost(draft: Draft, host: Host): void {
  draft.putHost(host);
  if (host.link.kind === "down") hold(draft, host.id);
}

/**
 * What is left there is left alone, and nobody hears of it any more: what it works on has failed, and is not placed again, since it may go on
 * there.
 */
function forgetHost(draft: Draft, hostId: HostId): void {
  const error: ErrorInfo = { code: "HOST_UNKNOWN", message: `${hostId} was forgotten while it worked on this` };
  for (const task of attemptsOf(draft, hostId)) {
    const end = decidedEnd(task.state.attempt);
    abandon(draft, task, end?.next === "cancel" ? end : { outcome: "failed", next: "fail", error });
  }
  for (const instance of instancesOf(draft, hostId)) {
    closeAsksOf(draft, instance.id);
    forgetInstance(draft, instance);
  }
  draft.removeHost(hostId);
}

/** From here on nothing is due there, and nothing that happens counts against a task. */
function onLost(draft: Draft, host: Host, reason: ErrorInfo): void {
  const sinceMs = host.link.kind === "down" ? host.link.sinceMs : draft.now.ms;
  const wasUp = host.link.kind === "up" || host.link.wasUp;
  draft.putHost({ ...host, link: { kind: "down", sinceMs, reason, wasUp } });
  if (host.link.kind === "down") return;
  hold(draft, host.id);
  for (const instance of instancesOf(draft, host.id)) draft.putInstance(instance);
}

function onConnected(draft: Draft, host: Host): void {
  if (host.link.kind === "up") return;
  draft.putHost({ ...host, link: { kind: "up" } });
  release(draft, host.id);
  for (const instance of instancesOf(draft, host.id)) {
    const back: Instance = { ...instance, health: { ...instance.health, aliveAtMs: draft.now.ms, probing: false, cpuMs: undefined } };
    draft.putInstance(back);
    // Its stream would wait for its own next try.
    if (instance.state.kind === "unready" && instance.state.reason !== "adopting") draft.ask({ kind: "rewatch-instance", instance: back });
  }
  draft.reschedule = true;
}

function instancesOf(draft: Draft, hostId: HostId): readonly Instance[] {
  return [...draft.instances.values()].filter(({ host }) => host === hostId);
}

/** Also those of instances that were removed: their work is still collected there. */
export function attemptsOf({ tasks, instances }: Pick<CoreState, "tasks" | "instances">, hostId: HostId): readonly ActiveTask[] {
  return tasks.active().filter(({ state: { attempt } }) => (attempt.host ?? instances.get(attempt.instanceId)?.host) === hostId);
}

/** Stops the clocks of the attempts there: their leases stay. */
export function hold(draft: Draft, hostId: HostId): void {
  for (const task of attemptsOf(draft, hostId)) {
    const { attempt } = task.state;
    if (attempt.heldSinceMs !== undefined) continue;
    // Stored: the next bridge would take the time in between for time at work.
    draft.putTask(withAttempt(task, { ranMs: ranMs(attempt, draft.now.ms), heldSinceMs: draft.now.ms }));
  }
}

function release(draft: Draft, hostId: HostId): void {
  const { ms } = draft.now;
  for (const task of attemptsOf(draft, hostId)) {
    if (task.state.attempt.heldSinceMs === undefined) continue;
    const phase = dueNow(task.state.attempt.phase, ms);
    draft.putTask(withAttempt(task, { heldSinceMs: undefined, runningSinceMs: ms, phase }));
  }
}

/** What was due meanwhile is due now; progress that nobody heard of may have been made. */
function dueNow(phase: AttemptPhase, ms: number): AttemptPhase {
  if (phase.kind === "started") return { ...phase, progressAtMs: ms, dueAtMs: ms };
  return "dueAtMs" in phase && phase.dueAtMs !== undefined ? { ...phase, dueAtMs: ms } : phase;
}

/** When the fence of the host has certainly fired; undefined where nothing waits for that. */
function partitionDueMs(host: Host, state: Pick<CoreState, "tasks" | "instances">): number | undefined {
  if (host.onPartition !== "move" || host.link.kind !== "down") return undefined;
  const dueMs = host.link.sinceMs + host.partitionGraceMs;
  for (const { host: of, state: at } of state.instances.values()) if (of === host.id && isLive(at.kind)) return dueMs;
  // Its server may have ended before the link did.
  return attemptsOf(state, host.id).some(isMoved) ? dueMs : undefined;
}

function isLive(kind: Instance["state"]["kind"]): boolean {
  return kind === "ready" || kind === "unready" || kind === "draining";
}

/** A turn that is over and was paid for is not: only its branch has yet to come. One that is tried again anyway needs none. */
function isMoved({ state: { attempt } }: ActiveTask): boolean {
  const { phase } = attempt;
  return phase.kind !== "collecting" || phase.end.next === "retry" || phase.end.next === "retry-free";
}

/** Behind the fence its servers and tools are dead: the tasks move now, what is left is swept when the link is back. */
export function hostDue(draft: Draft, host: Host): void {
  const dueMs = partitionDueMs(host, draft);
  if (dueMs === undefined || draft.now.ms < dueMs || host.link.kind !== "down") return;
  const error: ErrorInfo = {
    code: "HOST_UNREACHABLE",
    message: `${host.id}: ${host.link.reason.message}; its fence has ended what ran there`,
  };
  for (const instance of instancesOf(draft, host.id)) if (isLive(instance.state.kind)) onExited(draft, instance, error);
  for (const task of attemptsOf(draft, host.id).filter(isMoved))
    abandon(draft, task, decidedEnd(task.state.attempt) ?? lostEnd(error, true));
}

export function nextHostDeadlineMs(state: CoreState): number | undefined {
  const dues = [...state.hosts.values()].flatMap((host) => partitionDueMs(host, state) ?? []);
  return dues.length === 0 ? undefined : Math.min(...dues);
}
