import { asksDue, nextAskDeadlineMs } from "./ask-decision";
import { move } from "./attempt";
import { beginEnd } from "./attempt-end";
import type { Draft } from "./draft";
import { drainDue, nextDrainDeadlineMs } from "./drain-wait";
import { isCutOff } from "./host";
import { hostDue, nextHostDeadlineMs } from "./host-machine";
import type { Instance } from "./instance";
import type { Policy } from "./policy";
import { inspect } from "./prompt-steps";
import type { CoreState } from "./state";
import { type ActiveTask, type AttemptEnd, isActive, ranMs } from "./task";
import { endTask } from "./task-end";

/** Between two probes of a silent instance. */
const probeAgainMs = 1_000;

/** Everything whose time has come. Called on each tick; doing nothing twice is harmless. */
export function onTick(draft: Draft): void {
  // What is due first may change what comes after it: each is read when its turn comes.
  for (const { id } of draft.tasks.active()) {
    const task = draft.tasks.get(id);
    if (task && isActive(task)) attemptDue(draft, task);
  }
  endOverdue(draft);
  asksDue(draft);
  for (const host of draft.hosts.values()) hostDue(draft, host);
  for (const id of draft.instances.keys()) {
    const instance = draft.instances.get(id);
    if (instance) instanceDue(draft, instance);
  }
  draft.reschedule = true;
}

function endOverdue(draft: Draft): void {
  for (let next = draft.tasks.nextExpiry; next && next.atMs <= draft.now.ms; next = draft.tasks.nextExpiry) {
    const seconds = Math.round(next.task.spec.queueTimeMaxMs / 1000);
    const error = { code: "TASK_QUEUE_TIMED_OUT", message: `not placed within ${seconds} s` } as const;
    endTask(draft, next.task, { kind: "failed", endedAtEpochMs: draft.now.epochMs, error });
  }
}

function attemptDue(draft: Draft, task: ActiveTask): void {
  const { attempt } = task.state;
  const { phase } = attempt;
  const { ms } = draft.now;
  if (attempt.heldSinceMs !== undefined) return;
  const overtime = timeUp(task, ms);
  if (overtime && attempt.ending === undefined && phase.kind !== "aborting" && phase.kind !== "collecting") {
    return beginEnd(draft, task, overtime);
  }
  if ("dueAtMs" in phase && phase.dueAtMs !== undefined && ms >= phase.dueAtMs) runDue(draft, task);
}

function runDue(draft: Draft, task: ActiveTask): void {
  const { phase } = task.state.attempt;
  switch (phase.kind) {
    case "opening":
      move(draft, task, { kind: "opening", tries: phase.tries }, { effect: "open-session" });
      return;
    case "accepted":
    case "doubtful":
    case "started":
      return inspect(draft, task);
    case "aborting":
      move(draft, task, { ...phase, dueAtMs: undefined }, { effect: "abort-turn" });
      return;
    case "collecting":
      move(draft, task, { ...phase, dueAtMs: undefined }, { effect: "finish-workspace" });
      return;
    case "preparing":
    case "sending":
    case "waiting":
      return;
  }
}

function timeUp(task: ActiveTask, nowMs: number): AttemptEnd | undefined {
  const { runTimeMaxMs } = task.spec;
  const { attempt } = task.state;
  if (attempt.phase.kind === "waiting" || ranMs(attempt, nowMs) < runTimeMaxMs) return undefined;
  const message = `attempt ${attempt.number} ran longer than ${Math.round(runTimeMaxMs / 1000)} s`;
  return { outcome: "aborted", next: "fail", error: { code: "TASK_TIMED_OUT", message } };
}

function instanceDue(draft: Draft, instance: Instance): void {
  const { state } = instance;
  const { ms } = draft.now;
  switch (state.kind) {
    case "starting":
      if (ms >= state.deadlineMs) beginTimeout(draft, instance);
      return;
    case "backoff":
      if (ms >= state.restartAtMs) draft.putInstance({ ...instance, state: { kind: "queued" } });
      return;
    case "draining":
      drainDue(draft, instance);
      return isCutOff(instance, draft.hosts) ? undefined : checkLife(draft, instance);
    case "ready":
    case "unready":
      // Its silence says nothing.
      return isCutOff(instance, draft.hosts) ? undefined : checkLife(draft, instance);
    case "queued":
    case "stopping":
    case "sweeping":
    case "failed":
    case "stopped":
      return;
  }
}

/** The launcher has a deadline of its own; this one is for a launcher that never answers. */
function beginTimeout(draft: Draft, instance: Instance): void {
  const stopping: Instance = { ...instance, state: { kind: "stopping", next: "start", killed: true } };
  draft.putInstance(stopping);
  draft.ask({ kind: "kill-instance", instance: stopping });
}

function checkLife(draft: Draft, instance: Instance): void {
  const { health, state } = instance;
  const silentMs = draft.now.ms - health.aliveAtMs;
  let next = instance;
  if (state.kind === "ready" && silentMs >= draft.policy.unreadyAfterSilenceMs)
    next = { ...next, state: { kind: "unready", reason: "silent" } };
  if (!health.probing && draft.now.ms >= probeDueMs(instance, draft.policy)) {
    next = { ...next, health: { ...health, probing: true, probedAtMs: draft.now.ms } };
    draft.ask({ kind: "probe-instance", instance: next });
  }
  if (next !== instance) draft.putInstance(next, { passing: true });
}

function probeDueMs({ health }: Instance, policy: Policy): number {
  const afterSilenceMs = health.aliveAtMs + policy.probeAfterSilenceMs;
  return health.probedAtMs === undefined ? afterSilenceMs : Math.max(afterSilenceMs, health.probedAtMs + probeAgainMs);
}

/** The next instant at which a tick has something to do. */
export function nextDeadlineMs(state: CoreState, nowMs: number): number | undefined {
  let next = Number.POSITIVE_INFINITY;
  const note = (atMs: number | undefined) => {
    if (atMs !== undefined && atMs < next) next = Math.max(atMs, nowMs);
  };
  note(state.tasks.nextDueMs);
  note(state.tasks.nextWakeMs);
  note(state.tasks.nextExpiry?.atMs);
  note(nextHostDeadlineMs(state));
  note(nextAskDeadlineMs(state));
  for (const instance of state.instances.values()) noteInstance(instance, state, note);
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

function noteInstance(instance: Instance, state: CoreState, note: (atMs: number | undefined) => void): void {
  switch (instance.state.kind) {
    case "starting":
      return note(instance.state.deadlineMs);
    case "backoff":
      return note(instance.state.restartAtMs);
    case "ready":
    case "unready":
    case "draining": {
      if (isCutOff(instance, state.hosts)) return;
      note(nextDrainDeadlineMs(instance, state));
      const { aliveAtMs, probing } = instance.health;
      if (!probing) note(probeDueMs(instance, state.policy));
      if (instance.state.kind === "ready") note(aliveAtMs + state.policy.unreadyAfterSilenceMs);
      return;
    }
    default:
      return;
  }
}
