import type { Booking } from "../../bridge/core/day";
import { nextDeadlineMs } from "../../bridge/core/deadlines";
import type { Effect } from "../../bridge/core/effect";
import type { AttemptEvent, Event, Fence } from "../../bridge/core/event";
import { type Happening, happeningsOf } from "../../bridge/core/happening";
import type { Host } from "../../bridge/core/host";
import type { Instance } from "../../bridge/core/instance";
import { violations, violationsBetween } from "../../bridge/core/invariants";
import type { OpenAsk } from "../../bridge/core/open-ask";
import { defaultPolicy, type Policy } from "../../bridge/core/policy";
import { reduce, withoutEnded } from "../../bridge/core/reduce";
import { type CoreState, emptyState } from "../../bridge/core/state";
import { type Attempt, hasEnded, isActive, type Task } from "../../bridge/core/task";
import { TaskTable } from "../../bridge/core/task-table";
import { parseTask } from "../../bridge/runtime/documents";
import type { AuditEntry } from "../../shared/audit";
import type { AskId, InstanceId, TaskId } from "../../shared/ids";

/** An event without what the world can fill in. */
type Without<Union, Field extends string> = Union extends unknown ? Omit<Union, Field> : never;
export type Answer = Without<AttemptEvent, "fence">;

const epochStartMs = 1_700_000_000_000;

/** As a bridge that starts finds it in its book. */
function unconnected(host: Host, nowMs: number): Host {
  const reason = { code: "HOST_UNREACHABLE", message: `${host.id} is being connected` } as const;
  return { ...host, figures: undefined, models: undefined, link: host.isHome ? host.link : { kind: "down", sinceMs: nowMs, reason } };
}

/**
 * The core alone, on a clock of its own: events in, effects out. Checks the invariants at every step, and keeps what was committed, so that
 * a bridge that died can be started again from it.
 */
export class World {
  state: CoreState;
  nowMs = 1_000;
  /** Every effect asked for so far. */
  readonly asked: Effect[] = [];
  /** All that was booked, and all that happened, so far. */
  readonly booked: Booking[] = [];
  readonly happened: Happening[] = [];
  /** The audit trail so far. */
  readonly audits: AuditEntry[] = [];
  readonly #ended = new Map<TaskId, Task>();
  #storedTasks = new Map<TaskId, Task>();
  #storedInstances = new Map<InstanceId, Instance>();
  #storedAsks = new Map<AskId, OpenAsk>();

  constructor(policy: Partial<Policy> = {}, seed = 1) {
    this.state = emptyState({ ...defaultPolicy, ...policy }, seed);
  }

  get epochMs(): number {
    return epochStartMs + this.nowMs;
  }

  get deadlineMs(): number | undefined {
    return nextDeadlineMs(this.state, this.nowMs);
  }

  /** Applies one event; returns the effects it asked for. */
  send(event: Event): readonly Effect[] {
    const before = this.state;
    const now = { ms: this.nowMs, epochMs: this.epochMs };
    const { state, effects, changedTasks, changedInstances, changedAsks, audits, bookings } = reduce(before, event, now);
    const wrong = [...violations(state), ...violationsBetween(before, state)];
    if (wrong.length > 0) throw new Error(`after ${event.kind}: ${wrong.join("; ")}\n${JSON.stringify(event)}`);
    this.#store(state, changedTasks, changedInstances);
    this.#storeAsks(state, changedAsks);
    this.audits.push(...audits);
    this.booked.push(...bookings);
    this.happened.push(...happeningsOf({ before, after: state, changedTasks, changedInstances }, now));
    this.state = withoutEnded(state);
    this.asked.push(...effects);
    return effects;
  }

  #store(state: CoreState, tasks: ReadonlySet<TaskId>, instances: ReadonlySet<InstanceId>): void {
    for (const id of tasks) {
      const task = state.tasks.get(id);
      if (!task) continue;
      if (hasEnded(task)) this.#ended.set(id, task);
      if (hasEnded(task)) this.#storedTasks.delete(id);
      else this.#storedTasks.set(id, task);
    }
    for (const id of instances) {
      const instance = state.instances.get(id);
      if (instance) this.#storedInstances.set(id, instance);
      else this.#storedInstances.delete(id);
    }
  }

  #storeAsks(state: CoreState, asks: ReadonlySet<AskId>): void {
    for (const id of asks) {
      const ask = state.asks.get(id);
      if (ask) this.#storedAsks.set(id, ask);
      else this.#storedAsks.delete(id);
    }
  }

  /** Lets time pass, ticking at each deadline as the engine does. */
  advance(ms: number): readonly Effect[] {
    const untilMs = this.nowMs + ms;
    const effects: Effect[] = [];
    for (let ticks = 0; ; ticks += 1) {
      const dueMs = this.deadlineMs;
      if (dueMs === undefined || dueMs > untilMs) break;
      if (ticks > 10_000) throw new Error(`ticked ${ticks} times within ${ms} ms`);
      this.nowMs = Math.max(this.nowMs, dueMs);
      effects.push(...this.send({ kind: "tick" }));
      if (this.deadlineMs === this.nowMs) throw new Error(`a tick at ${this.nowMs} left something due`);
    }
    this.nowMs = untilMs;
    return effects;
  }

  /** The bridge dies; the next one starts from what was committed. */
  restart(): readonly Effect[] {
    const { policy, random, day, hosts } = this.state;
    this.state = {
      ...emptyState(policy, random),
      day,
      tasks: TaskTable.of([...this.#storedTasks.values()].map((task) => parseTask(JSON.stringify(task)))),
      instances: new Map(this.#storedInstances),
      hosts: new Map([...hosts].map(([id, host]) => [id, unconnected(host, this.nowMs)])),
      asks: new Map(this.#storedAsks),
    };
    return this.send({ kind: "bridge-started" });
  }

  /** Ended or not. */
  task(id: TaskId): Task {
    const task = this.state.tasks.get(id) ?? this.#ended.get(id);
    if (!task) throw new Error(`there is no ${id}`);
    return task;
  }

  attempt(id: TaskId): Attempt {
    const task = this.task(id);
    if (!isActive(task)) throw new Error(`${id} is ${task.state.kind}`);
    return task.state.attempt;
  }

  /** Where it is: its state, or the phase of its attempt. */
  stage(id: TaskId): string {
    const task = this.task(id);
    return isActive(task) ? task.state.attempt.phase.kind : task.state.kind;
  }

  instance(id: InstanceId): Instance {
    const instance = this.state.instances.get(id);
    if (!instance) throw new Error(`there is no ${id}`);
    return instance;
  }

  endedTasks(): readonly Task[] {
    return [...this.#ended.values()];
  }

  askIds(): readonly AskId[] {
    return [...this.state.asks.keys()];
  }

  fence(id: TaskId): Fence {
    const { number, step } = this.attempt(id);
    return { taskId: id, attempt: number, step };
  }

  /** The answer to the effect that the task's attempt asked for last. */
  answer(id: TaskId, answer: Answer): readonly Effect[] {
    return this.send({ ...answer, fence: this.fence(id) });
  }

  /** How often an effect was asked for. */
  count(kind: Effect["kind"]): number {
    return this.asked.filter((effect) => effect.kind === kind).length;
  }
}
