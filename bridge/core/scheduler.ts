import { placeTask } from "./attempt";
import type { Draft } from "./draft";
import { candidatesFor, isOpen } from "./eligibility";
import type { Instance } from "./instance";
import { freeSlot, type Load, noLoad } from "./load";
import { strategies } from "./strategy/strategies";
import type { SessionRef, Task } from "./task";
import { endTask } from "./task-end";
import { needOf } from "./task-shelves";

/** Places what can be placed: highest priority first, then order of submission. A task that fits nowhere holds up no other; on a day whose limit is reached, none is. */
export function schedule(draft: Draft): void {
  draft.wakeTasks();
  endOrphans(draft);
  if (draft.day.reached !== undefined) return;
  // While this goes on, loads only grow: what one task cannot have now, no other with the same need can.
  const hopeless = new Set<string>();
  let open: readonly Instance[] | undefined;
  const { policy, hosts } = draft;
  for (let task = draft.tasks.nextInTurn(hopeless); task; task = draft.tasks.nextInTurn(hopeless)) {
    open = (open ?? [...draft.instances.values()]).filter((instance) => isOpen(instance, { loads: draft.tasks.loads, policy, hosts }));
    if (open.length === 0) return;
    if (!placeOne(draft, task, open)) hopeless.add(needOf(task));
  }
}

/** A session goes with its instance: what was to go on in it never can. */
function endOrphans(draft: Draft): void {
  for (const task of draft.tasks.pinned()) {
    if (!task.pin || draft.instances.has(task.pin.instanceId)) continue;
    const error = { code: "SESSION_UNKNOWN", message: `${task.pin.instanceId}, which held its session, was removed` } as const;
    endTask(draft, task, { kind: "failed", endedAtEpochMs: draft.now.epochMs, error });
  }
}

/** False when none of the open instances may take it. */
function placeOne(draft: Draft, task: Task, open: readonly Instance[]): boolean {
  const candidates = candidatesFor(task, open, { loads: draft.tasks.loads, policy: draft.policy, hosts: draft.hosts });
  if (candidates.length === 0) return false;
  const name = task.spec.strategy ?? draft.policy.strategy;
  const choice = draft.draw((random) => {
    const chosen = strategies[name](candidates, { lastChosen: draft.lastChosen, random });
    return [chosen, chosen.random];
  });
  const { instance } = choice.candidate;
  const load = draft.tasks.loads.get(instance.id) ?? noLoad;
  const resumes = resumable(task, instance, load);
  const slot = resumes?.slot ?? freeSlot(load);
  draft.choose(instance.id);
  const placement = { instanceId: instance.id, strategy: name, reasons: choice.reasons };
  placeTask(draft, { ...task, placement }, { instance, slot, resumes });
  return true;
}

/** A turn that was cut off goes on in its own session, when its instance is back on its data and the session's worktree is free. */
function resumable(task: Task, instance: Instance, load: Load): SessionRef | undefined {
  if (task.pin) return task.pin;
  const last = task.attempts.at(-1);
  const session = task.session;
  if (last?.outcome !== "lost" || session?.instanceId !== instance.id || last.sessionId !== session.sessionId) return undefined;
  return load.slots.has(session.slot) ? undefined : session;
}
