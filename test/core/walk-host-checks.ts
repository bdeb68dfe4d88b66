import type { Event } from "../../bridge/core/event";
import { isActive, isQueued, ranMs, type Task } from "../../bridge/core/task";
import type { HostId, InstanceId, TaskId } from "../../shared/ids";
import type { Outside } from "./outside";
import { summary } from "./walk-checks";
import type { World } from "./world";

/** Behind the fence of a host that moves its tasks nothing waits for it but branches of turns that are over and count. */
export function checkMoved(world: World, hostId: HostId): void {
  const host = world.state.hosts.get(hostId);
  if (host?.onPartition !== "move" || host.link.kind !== "down") return;
  if (world.nowMs < host.link.sinceMs + host.partitionGraceMs) return;
  for (const { id, state } of world.state.tasks.active()) {
    const { phase, host: at } = state.attempt;
    if (at !== hostId || (phase.kind === "collecting" && phase.end.next !== "retry" && phase.end.next !== "retry-free")) continue;
    throw new Error(`${id} is ${phase.kind} behind the fence of ${hostId}: ${summary(world)}`);
  }
}

/** What runs, also where nobody hears of it, runs for the attempt that its task has now; until its host is forgotten. */
export function checkRunsOnce(world: World, { servers }: Outside): void {
  for (const { left, turns, id } of servers.living()) {
    if (left) continue;
    for (const { state, taskId, messageId } of turns.values()) {
      if (state !== "running") continue;
      const task = world.state.tasks.get(taskId);
      if (task && isActive(task) && task.state.attempt.messageId === messageId) continue;
      throw new Error(`${messageId} of ${taskId} runs on ${id}, and the task goes on without it: ${summary(world)}`);
    }
  }
}

function madeOf({ attempts, state }: Task): number {
  return attempts.length + (state.kind === "active" ? 1 : 0);
}

/** What people asked for stays so until they ask for something else. */
export class Wishes {
  readonly #cancelled = new Map<TaskId, number>();
  readonly #stopped = new Set<InstanceId>();

  /** Before it is sent. */
  note(event: Event, { state }: World): void {
    if (event.kind === "task-cancel-requested") {
      const task = state.tasks.get(event.taskId);
      if (task) this.#cancelled.set(task.id, madeOf(task));
    }
    if (event.kind === "task-retry-requested" && !state.tasks.has(event.task.id)) this.#cancelled.delete(event.task.id);
    if (event.kind === "instance-start-requested") {
      const kind = state.instances.get(event.instanceId)?.state.kind;
      if (kind === "stopped" || kind === "failed" || kind === "backoff") this.#stopped.delete(event.instanceId);
    }
    if (event.kind === "instance-stop-requested") {
      if (event.next === "stay" || event.next === "remove") this.#stopped.add(event.instanceId);
      else this.#stopped.delete(event.instanceId);
    }
  }

  check(world: World): void {
    for (const task of world.state.tasks.values()) {
      const made = this.#cancelled.get(task.id);
      if (made !== undefined && (isQueued(task) || madeOf(task) > made))
        throw new Error(`${task.id} was cancelled and goes on: ${summary(world)}`);
    }
    for (const { id, state } of world.state.instances.values()) {
      const goesOn = state.kind === "queued" || state.kind === "starting" || state.kind === "ready" || state.kind === "backoff";
      if (goesOn && this.#stopped.has(id)) throw new Error(`${id} was stopped and is ${state.kind}: ${summary(world)}`);
    }
  }
}

/** Time in which the host of an attempt could be reached, counted from outside: no attempt has run longer. */
export class RunTimes {
  readonly #reachedMs = new Map<string, number>();

  passed(world: World, ms: number): void {
    for (const task of world.state.tasks.active()) {
      const { host, number } = task.state.attempt;
      if (host !== undefined && world.state.hosts.get(host)?.link.kind === "down") continue;
      const key = `${task.id} ${number}`;
      this.#reachedMs.set(key, (this.#reachedMs.get(key) ?? 0) + ms);
    }
  }

  check(world: World): void {
    for (const task of world.state.tasks.values()) {
      if (!isActive(task)) continue;
      const ran = ranMs(task.state.attempt, world.nowMs);
      const most = this.#reachedMs.get(`${task.id} ${task.state.attempt.number}`) ?? 0;
      if (ran > most) throw new Error(`${task.id} ran ${ran} ms in ${most} ms with a link: ${summary(world)}`);
    }
  }
}
