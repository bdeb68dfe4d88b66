import { beginEnd } from "./attempt-end";
import type { Draft } from "./draft";
import { isCutOff } from "./host";
import type { Instance } from "./instance";
import type { CoreState } from "./state";
import type { ActiveTask, AttemptEnd } from "./task";

/**
 * A person who does not answer holds up no drain for ever: after `drainWaitMs` the tasks that wait there go back into the queue, use up no
 * attempt, and ask again where they are placed next.
 */
export function endWaitWhenDrained(draft: Draft, task: ActiveTask): void {
  const instance = draft.instances.get(task.state.attempt.instanceId);
  if (!instance || draft.now.ms < (drainLimitMs(instance, draft) ?? Number.POSITIVE_INFINITY)) return;
  const message = `${instance.name} is drained, and nobody had answered what it asked`;
  const end: AttemptEnd = { outcome: "lost", next: "retry-free", error: { code: "INSTANCE_DRAINED", message } };
  beginEnd(draft, task, end);
}

/** Called on each tick for an instance that drains. */
export function drainDue(draft: Draft, instance: Instance): void {
  if (draft.now.ms < (drainLimitMs(instance, draft) ?? Number.POSITIVE_INFINITY)) return;
  for (const task of draft.tasks.active()) {
    const { instanceId, phase } = task.state.attempt;
    if (instanceId === instance.id && phase.kind === "waiting") endWaitWhenDrained(draft, task);
  }
}

/** When a tick has something to do about those that wait there; undefined when none does. */
export function nextDrainDeadlineMs(instance: Instance, state: CoreState): number | undefined {
  const waiting = state.tasks.loads.get(instance.id)?.waiting ?? 0;
  return waiting === 0 ? undefined : drainLimitMs(instance, state);
}

function drainLimitMs(instance: Instance, { policy, hosts }: Pick<CoreState, "policy" | "hosts">): number | undefined {
  if (instance.state.kind !== "draining" || isCutOff(instance, hosts)) return undefined;
  return (instance.state.sinceMs ?? 0) + policy.asks.drainWaitMs;
}
