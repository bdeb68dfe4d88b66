import type { AuditEntry } from "../../shared/audit";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import { addUsage } from "../../shared/usage";
import type { Booking, Day } from "./day";
import type { Effect } from "./effect";
import type { Host, Hosts } from "./host";
import type { Instance } from "./instance";
import type { OpenAsk, OpenAsks } from "./open-ask";
import type { RandomState } from "./random";
import type { CoreState } from "./state";
import type { Task } from "./task";
import type { TaskTable } from "./task-table";
import type { Now } from "./time";

/** What one event did to the state. */
export interface Transition {
  readonly state: CoreState;
  readonly effects: readonly Effect[];
  /** Changed, and to be stored before the effects run. */
  readonly changedTasks: ReadonlySet<TaskId>;
  readonly changedInstances: ReadonlySet<InstanceId>;
  /** Used up since, to be stored with them. */
  readonly bookings: readonly Booking[];
  readonly changedAsks: ReadonlySet<AskId>;
  /** Asks that are over: for the audit trail, with the same commit. */
  readonly audits: readonly AuditEntry[];
}

/** More than come between an ask's end and the latest word about it. */
const closedAsksMax = 256;

/** `passing`: a change that a restart may forget (signs of life), so it costs no commit. */
interface PutOptions {
  readonly passing: boolean;
}

/**
 * The next state while one event is applied: reads see what was put.
 * Lives inside one call of `reduce`; nothing outside ever sees it change.
 */
export class Draft {
  readonly now: Now;
  readonly #before: CoreState;
  readonly #effects: Effect[] = [];
  readonly #changedTasks = new Set<TaskId>();
  readonly #changedInstances = new Set<InstanceId>();
  readonly #changedAsks = new Set<AskId>();
  readonly #audits: AuditEntry[] = [];
  #tasks: TaskTable;
  #instances: Map<InstanceId, Instance> | undefined;
  #hosts: Map<HostId, Host> | undefined;
  #asks: Map<AskId, OpenAsk> | undefined;
  #doubtedAsks: ReadonlySet<AskId>;
  #closedAsks: ReadonlySet<AskId>;
  #day: Day;
  readonly #bookings: Booking[] = [];
  #random: RandomState;
  #lastChosen: InstanceId | undefined;
  #dropped: number;
  /** Something changed that may let a queued task be placed. */
  reschedule = false;

  constructor(before: CoreState, now: Now) {
    this.#before = before;
    this.now = now;
    this.#tasks = before.tasks;
    this.#doubtedAsks = before.doubtedAsks;
    this.#closedAsks = before.closedAsks;
    this.#day = before.day;
    this.#random = before.random;
    this.#lastChosen = before.lastChosen;
    this.#dropped = before.dropped;
  }

  get policy() {
    return this.#before.policy;
  }

  get tasks(): TaskTable {
    return this.#tasks;
  }

  get instances(): ReadonlyMap<InstanceId, Instance> {
    return this.#instances ?? this.#before.instances;
  }

  get hosts(): Hosts {
    return this.#hosts ?? this.#before.hosts;
  }

  get asks(): OpenAsks {
    return this.#asks ?? this.#before.asks;
  }

  get day(): Day {
    return this.#day;
  }

  get lastChosen(): InstanceId | undefined {
    return this.#lastChosen;
  }

  get doubtedAsks(): ReadonlySet<AskId> {
    return this.#doubtedAsks;
  }

  get closedAsks(): ReadonlySet<AskId> {
    return this.#closedAsks;
  }

  putTask(task: Task, options: PutOptions = { passing: false }): void {
    this.#tasks = this.#tasks.with(task);
    if (!options.passing) this.#changedTasks.add(task.id);
  }

  /** Puts those in line whose time to be placed has come. */
  wakeTasks(): void {
    this.#tasks = this.#tasks.wake(this.now.ms);
  }

  putInstance(instance: Instance, options: PutOptions = { passing: false }): void {
    this.#instances ??= new Map(this.#before.instances);
    this.#instances.set(instance.id, instance);
    if (!options.passing) this.#changedInstances.add(instance.id);
  }

  removeInstance(id: InstanceId): void {
    this.#instances ??= new Map(this.#before.instances);
    this.#instances.delete(id);
    this.#changedInstances.add(id);
  }

  putHost(host: Host): void {
    this.#hosts ??= new Map(this.#before.hosts);
    this.#hosts.set(host.id, host);
  }

  removeHost(id: HostId): void {
    this.#hosts ??= new Map(this.#before.hosts);
    this.#hosts.delete(id);
  }

  putDay(day: Day): void {
    this.#day = day;
  }

  book(booking: Booking): void {
    this.#bookings.push(booking);
    this.#day = { ...this.#day, booked: addUsage(this.#day.booked, booking.usage) };
  }

  putAsk(ask: OpenAsk): void {
    this.#trustAsk(ask.id);
    if (this.asks.get(ask.id) === ask) return;
    this.#asks ??= new Map(this.#before.asks);
    this.#asks.set(ask.id, ask);
    this.#changedAsks.add(ask.id);
  }

  doubtAsks(ids: readonly AskId[]): void {
    this.#doubtedAsks = new Set([...this.#doubtedAsks, ...ids]);
  }

  #trustAsk(id: AskId): void {
    if (this.#doubtedAsks.has(id)) this.#doubtedAsks = new Set([...this.#doubtedAsks].filter((each) => each !== id));
  }

  removeAsk(id: AskId): void {
    this.#trustAsk(id);
    if (!this.asks.has(id)) return;
    this.#asks ??= new Map(this.#before.asks);
    this.#asks.delete(id);
    this.#changedAsks.add(id);
    this.#closedAsks = new Set([...[...this.#closedAsks].slice(1 - closedAsksMax), id]);
  }

  /** Draws from the state's generator: `use` gets the state and gives its result with the next state. */
  draw<T>(use: (random: RandomState) => readonly [T, RandomState]): T {
    const [result, next] = use(this.#random);
    this.#random = next;
    return result;
  }

  choose(id: InstanceId): void {
    this.#lastChosen = id;
  }

  ask(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Writes into the audit trail. */
  note(entry: AuditEntry): void {
    this.#audits.push(entry);
  }

  /** Counts news that came too late to mean anything. */
  drop(): void {
    this.#dropped += 1;
  }

  finish(): Transition {
    const state: CoreState = {
      policy: this.#before.policy,
      tasks: this.tasks,
      instances: this.instances,
      hosts: this.hosts,
      asks: this.asks,
      doubtedAsks: this.#doubtedAsks,
      closedAsks: this.#closedAsks,
      day: this.#day,
      random: this.#random,
      lastChosen: this.#lastChosen,
      dropped: this.#dropped,
    };
    return {
      state,
      effects: this.#effects,
      changedTasks: this.#changedTasks,
      changedInstances: this.#changedInstances,
      changedAsks: this.#changedAsks,
      audits: this.#audits,
      bookings: this.#bookings,
    };
  }
}
