import { placeTask } from "./attempt";
import type { Draft } from "./draft";
import { candidatesFor, type Loads, loadsOf, slotFor } from "./eligibility";
import type { Instance } from "./instance";
import { strategies } from "./strategy/strategies";
import { isActive, type SessionRef, type Task } from "./task";
import { endTask } from "./task-end";

/** Places what can be placed: highest priority first, then order of submission. A task that fits nowhere holds up no other. */
export function schedule(draft: Draft): void {
  endOrphans(draft);
  const loads = loadsOf(draft);
  if (!hasRoom(draft, loads)) return;
  for (const task of placeable(draft)) {
    placeOne(draft, task, loads);
    if (!hasRoom(draft, loads)) return;
  }
}

/** A session goes with its instance: what was to go on in it never can. */
function endOrphans(draft: Draft): void {
  for (const task of draft.tasks.values()) {
    if (task.state.kind !== "queued" || !task.pin || draft.instances.has(task.pin.instanceId)) continue;
    const error = { code: "SESSION_UNKNOWN", message: `${task.pin.instanceId}, which held its session, was removed` } as const;
    endTask(draft, task, { kind: "failed", endedAtEpochMs: draft.now.epochMs, error });
  }
}

function hasRoom(draft: Draft, loads: Loads): boolean {
  for (const instance of draft.instances.values()) {
    if (instance.state.kind === "ready" && (loads.get(instance.id)?.running ?? 0) < instance.slots) return true;
  }
  return false;
}

function placeable(draft: Draft): readonly Task[] {
  const tasks: Task[] = [];
  for (const task of draft.tasks.values()) {
    if (task.state.kind === "queued" && task.state.notBeforeMs <= draft.now.ms && task.blockedBy.length === 0) tasks.push(task);
  }
  return tasks.sort((a, b) => b.spec.priority - a.spec.priority || a.sequence - b.sequence);
}

function placeOne(draft: Draft, task: Task, loads: Loads): void {
  const candidates = candidatesFor(task, draft.instances.values(), loads, draft.policy);
  if (candidates.length === 0) return;
  const name = task.spec.strategy ?? draft.policy.strategy;
  const choice = draft.draw((random) => {
    const chosen = strategies[name](candidates, { lastChosen: draft.lastChosen, random });
    return [chosen, chosen.random];
  });
  const { instance } = choice.candidate;
  const resumes = resumable(task, instance, loads);
  const slot = resumes?.slot ?? slotFor(loads, instance.id);
  const load = loads.get(instance.id);
  if (load) {
    load.running += 1;
    load.slots.add(slot);
  }
  draft.choose(instance.id);
  const placement = { instanceId: instance.id, strategy: name, reasons: choice.reasons };
  placeTask(draft, { ...task, placement }, { instance, slot, resumes });
}

/** A turn that was cut off goes on in its own session, when its instance is back on its data and the session's worktree is free. */
function resumable(task: Task, instance: Instance, loads: Loads): SessionRef | undefined {
  if (task.pin) return task.pin;
  const last = task.attempts.at(-1);
  const session = task.session;
  if (last?.outcome !== "lost" || session?.instanceId !== instance.id || last.sessionId !== session.sessionId) return undefined;
  return loads.get(instance.id)?.slots.has(session.slot) ? undefined : session;
}

/** Slots that turns hold now, for the invariants and the views. */
export function runningOn(tasks: Iterable<Task>, instanceId: string): { readonly running: number; readonly waiting: number } {
  let running = 0;
  let waiting = 0;
  for (const task of tasks) {
    if (!isActive(task) || task.state.attempt.instanceId !== instanceId) continue;
    if (task.state.attempt.phase.kind === "waiting") waiting += 1;
    else running += 1;
  }
  return { running, waiting };
}
