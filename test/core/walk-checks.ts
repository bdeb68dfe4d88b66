import { nextDeadlineMs } from "../../bridge/core/deadlines";
import type { Event } from "../../bridge/core/event";
import { reduce } from "../../bridge/core/reduce";
import { isActive } from "../../bridge/core/task";
import { taskId } from "../fakes/samples";
import type { Outside } from "./outside";
import type { Turn } from "./simulated-servers";
import type { World } from "./world";

/** Where the core waits for an answer, something is going to answer. */
export function checkWayForward(world: World, outside: Outside): void {
  const answering = new Set<string>();
  const note = (fence: { readonly taskId: string; readonly attempt: number; readonly step: number }) =>
    answering.add(`${fence.taskId} ${fence.attempt} ${fence.step}`);
  for (const { effect } of outside.pending) if ("fence" in effect) note(effect.fence);
  for (const { event } of outside.inFlight) if ("fence" in event) note(event.fence);
  for (const task of world.state.tasks.values()) {
    if (!isActive(task)) continue;
    const { attempt } = task.state;
    const { phase } = attempt;
    if (phase.kind === "waiting" || ("dueAtMs" in phase && phase.dueAtMs !== undefined)) continue;
    if (answering.has(`${task.id} ${attempt.number} ${attempt.step}`)) continue;
    const instance = world.state.instances.get(attempt.instanceId);
    if (instance?.state.kind === "stopping" || instance?.state.kind === "sweeping") continue;
    throw new Error(`${task.id} is ${phase.kind} and nothing comes of it: ${summary(world)}`);
  }
}

/** Time alone, and news that change nothing, move no deadline away. */
export function checkDeadlineStands(world: World, laterByMs: number): void {
  const dueMs = world.deadlineMs;
  if (dueMs === undefined) return;
  const laterMs = world.nowMs + laterByMs;
  const event: Event = { kind: "task-cancel-requested", taskId: taskId("unknown") };
  const { state } = reduce(world.state, event, { ms: laterMs, epochMs: world.epochMs });
  const thenMs = nextDeadlineMs(state, laterMs);
  if (thenMs === undefined || thenMs > Math.max(dueMs, laterMs)) {
    throw new Error(`what was due at ${dueMs} is due at ${thenMs} when asked at ${laterMs}: ${summary(world)}`);
  }
}

/** A turn that begins is one that an attempt waits for. */
export function checkRunsForSomebody(world: World, turn: Turn): void {
  const task = world.state.tasks.get(turn.taskId);
  if (task && isActive(task) && task.state.attempt.messageId === turn.messageId) return;
  throw new Error(`${turn.messageId} of ${turn.taskId} runs for nobody: ${summary(world)}`);
}

/** Every open ask of a server that is listened to is before the person, and its task waits; unless an answer is on its way. */
export function checkNothingUnseen(world: World, outside: Outside): void {
  for (const server of outside.servers.living()) {
    if (!server.streaming || world.state.instances.get(server.id)?.incarnation !== server.incarnation) continue;
    for (const turn of server.turns.values()) {
      for (const id of turn.asks) if (!world.state.asks.has(id)) throw new Error(`${id} is open and nobody sees it: ${summary(world)}`);
      const task = world.state.tasks.get(turn.taskId);
      if (turn.asks.size === 0 || !task || !isActive(task) || task.state.attempt.messageId !== turn.messageId) continue;
      const { kind } = task.state.attempt.phase;
      const answered = [...turn.asks].every((id) => world.state.asks.get(id)?.decision?.failures === 0);
      if (kind !== "waiting" && kind !== "aborting" && !answered)
        throw new Error(`${task.id} is ${kind}, and its turn waits: ${summary(world)}`);
    }
  }
}

/** What was booked of each ended task is what its attempts used up, on whatever days. */
export function checkBooked(world: World): void {
  const booked = new Map<string, number>();
  for (const { taskId: id, usage } of world.booked) booked.set(id, (booked.get(id) ?? 0) + usage.tokensIn);
  for (const { id, attempts } of world.endedTasks()) {
    const used = attempts.reduce((sum, { usage }) => sum + usage.tokensIn, 0);
    if (used !== (booked.get(id) ?? 0)) throw new Error(`${id} used ${used} tokens, and ${booked.get(id)} are booked`);
  }
}

export function summary({ state, nowMs }: World): string {
  const tasks = [...state.tasks.values()].map(({ id, state: at, pin, blockedBy }) => ({ id, at, pin, blockedBy }));
  const instances = [...state.instances.values()].map(({ id, state: at, health }) => ({ id, at, health }));
  return JSON.stringify({ nowMs, tasks, instances, asks: [...state.asks.keys()] });
}
