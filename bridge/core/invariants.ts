import { type Instance, isServing } from "./instance";
import { noLoad } from "./load";
import type { CoreState } from "./state";
import { type ActiveTask, decidedEnd, hasEnded, isActive, isQueued, type Task } from "./task";

/** What must be true of every state, in sentences; empty when all of it is. Checked by the tests after every step. */
export function violations(state: CoreState): readonly string[] {
  const found: string[] = [];
  const leases = new Map<string, Task>();
  for (const task of state.tasks.values()) {
    found.push(...ofTask(task).map((what) => `${task.id} ${what}`));
    if (!isActive(task)) continue;
    found.push(...ofAttempt(task, state).map((what) => `attempt ${task.state.attempt.number} of ${task.id} ${what}`));
    const { instanceId, slot } = task.state.attempt;
    const lease = `${instanceId} slot ${slot}`;
    const holder = leases.get(lease);
    if (holder) found.push(`${lease} is held by ${holder.id} and ${task.id}`);
    leases.set(lease, task);
  }
  found.push(...ofLoads(state));
  for (const ask of state.asks.values()) {
    const instance = state.instances.get(ask.instanceId);
    if (!instance || !isServing(instance)) found.push(`${ask.id} asks for ${ask.instanceId}, which serves no session`);
  }
  return found;
}

/** The loads that are kept say what counting says. */
function ofLoads(state: CoreState): readonly string[] {
  const attempts = state.tasks.active().map((task) => task.state.attempt);
  const ids = new Set([...state.instances.keys(), ...attempts.map(({ instanceId }) => instanceId)]);
  return [...ids].flatMap((id) => {
    const own = attempts.filter(({ instanceId }) => instanceId === id);
    const waiting = own.filter(({ phase }) => phase.kind === "waiting").length;
    const { running, waiting: kept, slots } = state.tasks.loads.get(id) ?? noLoad;
    const right =
      running === own.length - waiting && kept === waiting && own.every(({ slot }) => slots.has(slot)) && slots.size === own.length;
    return right ? [] : [`the load of ${id} is kept as ${running} running and ${kept} waiting in ${slots.size} slots`];
  });
}

function ofTask(task: Task): readonly string[] {
  const found: string[] = [];
  if (task.attempts.some(({ number }, index) => number !== index + 1)) found.push("has attempts out of order");
  if (!hasEnded(task) && task.attemptsUsed >= task.spec.attemptsMax) found.push(`goes on after ${task.attemptsUsed} attempts`);
  if (task.attemptsUsed > task.attempts.length) found.push(`counts ${task.attemptsUsed} attempts of ${task.attempts.length}`);
  return found;
}

function ofAttempt(task: ActiveTask, state: CoreState): readonly string[] {
  const { attempt } = task.state;
  const { phase } = attempt;
  const found: string[] = [];
  if (attempt.number !== task.attempts.length + 1) found.push(`follows ${task.attempts.length} ended ones`);
  if (attempt.sends > state.policy.sendsMax) found.push(`sent its prompt ${attempt.sends} times`);
  if (phase.kind === "waiting" && phase.askIds.length === 0) found.push("waits for nothing");
  if (attempt.ending && !holdsEnding(task)) found.push(`is to end, and goes on ${phase.kind}`);
  const instance = state.instances.get(attempt.instanceId);
  if (attempt.incarnation > (instance?.incarnation ?? attempt.incarnation)) found.push("is of a start that has not happened");
  // git may still be at work for an attempt whose instance is gone; nothing else may.
  const outlives = phase.kind === "collecting" || (phase.kind === "preparing" && attempt.ending !== undefined);
  if (!outlives && instance?.incarnation !== attempt.incarnation) found.push(`is ${phase.kind} on a start that is over`);
  if (!outlives && !holdsProcess(instance)) found.push(`is ${phase.kind} on ${attempt.instanceId}, which has no process`);
  const hasPrompt = attempt.sessionId !== undefined && attempt.messageId !== undefined && attempt.sends > 0;
  const needsPrompt = phase.kind !== "preparing" && phase.kind !== "opening" && phase.kind !== "collecting";
  if (needsPrompt && !hasPrompt) found.push(`is ${phase.kind} without a prompt`);
  return found;
}

/** An end waits only for an effect that cannot be taken back. */
function holdsEnding({ state: { attempt } }: ActiveTask): boolean {
  const { phase } = attempt;
  return phase.kind === "preparing" || phase.kind === "sending" || (phase.kind === "opening" && phase.dueAtMs === undefined);
}

/** What must be true of one step; `after` still holds the tasks that it ended. */
export function violationsBetween(before: CoreState, after: CoreState): readonly string[] {
  const found: string[] = [];
  for (const instance of after.instances.values()) {
    const earlier = before.instances.get(instance.id);
    if (earlier && earlier.incarnation > instance.incarnation) found.push(`${instance.id} goes back to start ${instance.incarnation}`);
  }
  for (const task of after.tasks.values()) {
    const earlier = before.tasks.get(task.id);
    if (earlier) found.push(...ofChange(earlier, task).map((what) => `${task.id} ${what}`));
    if (isActive(task) && isNew(task, earlier)) found.push(...ofPlacement(task, before, after).map((what) => `${task.id} ${what}`));
  }
  for (const id of before.tasks.keys()) if (!after.tasks.has(id)) found.push(`${id} vanished`);
  return found;
}

function ofChange(before: Task, after: Task): readonly string[] {
  const found: string[] = [];
  if (hasEnded(before) && after !== before) found.push(`was ${before.state.kind} and changed`);
  if (after.attempts.length < before.attempts.length) found.push("forgot an attempt");
  if (isActive(before) && !isActive(after) && after.attempts.length !== before.attempts.length + 1)
    found.push("lost an attempt without a word");
  const wasCancelled = isActive(before) && decidedEnd(before.state.attempt)?.next === "cancel";
  if (wasCancelled && isQueued(after)) found.push("was cancelled and is queued again");
  if (!isActive(before) || !isActive(after) || isNew(after, before)) return found;
  const [was, is] = [before.state.attempt, after.state.attempt];
  if (is.step < was.step) found.push("goes back a step");
  const renamed = was.messageId !== undefined && is.messageId !== undefined && is.messageId !== was.messageId;
  if (renamed) found.push("sends its prompt under another id");
  if (was.phase.kind === "collecting" && is.phase.kind !== "collecting") found.push(`goes from collecting to ${is.phase.kind}`);
  return found;
}

function ofPlacement(task: ActiveTask, before: CoreState, after: CoreState): readonly string[] {
  const { attempt } = task.state;
  const found: string[] = [];
  const instance = after.instances.get(attempt.instanceId);
  if (instance?.state.kind !== "ready") found.push(`was placed on ${attempt.instanceId}, which is ${instance?.state.kind ?? "gone"}`);
  if (after.day.reached !== undefined) found.push(`was placed on a day with ${after.day.reached}`);
  if (task.blockedBy.length > 0) found.push(`was placed before ${task.blockedBy.join(", ")}`);
  if (task.pin && task.pin.instanceId !== attempt.instanceId) found.push("was placed away from its session");
  const [was, is] = [before.tasks.loads.get(attempt.instanceId), after.tasks.loads.get(attempt.instanceId)];
  // Attempts that came back from waiting may take an instance past its slots; new ones may not.
  const overfull = is !== undefined && is.running > (instance?.slots ?? 0) && is.running > (was?.running ?? 0);
  if (overfull) found.push(`was placed as number ${is.running} on ${instance?.slots} slots`);
  return found;
}

function isNew(task: ActiveTask, before: Task | undefined): boolean {
  return before === undefined || !isActive(before) || before.state.attempt.number !== task.state.attempt.number;
}

/** A process of it may live: until that is disproved, its attempts stay with it. */
function holdsProcess(instance: Instance | undefined): boolean {
  return instance !== undefined && (isServing(instance) || instance.state.kind === "sweeping" || instance.state.kind === "starting");
}
