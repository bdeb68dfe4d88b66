import { noDay } from "../../bridge/core/day";
import type { Event } from "../../bridge/core/event";
import type { Instance } from "../../bridge/core/instance";
import type { Task } from "../../bridge/core/task";
import type { HostId, TaskId } from "../../shared/ids";
import { strategies, type TaskSpec } from "../../shared/task";
import { instanceId, local, taskId } from "../fakes/samples";
import type { Outside } from "./outside";
import { alpha } from "./simulated-hosts";
import { anInstance, aTask } from "./steps";
import type { World } from "./world";

const instancesMax = 3;
const tasksMax = 8;

interface Means {
  readonly random: () => number;
  readonly send: (event: Event) => void;
}

/** Somebody who submits, cancels, answers, starts and stops at random. */
export class Person {
  readonly #world: World;
  readonly #outside: Outside;
  readonly #random: () => number;
  readonly #send: (event: Event) => void;
  #tasks = 0;
  #instances = 0;
  #days = 0;

  constructor(world: World, outside: Outside, { random, send }: Means) {
    this.#world = world;
    this.#outside = outside;
    this.#random = random;
    this.#send = send;
  }

  /** Servers of one task each, which go with it. */
  dedicated(): readonly Instance[] {
    return [...this.#world.state.instances.values()].filter(({ dedicatedTo }) => dedicatedTo !== undefined);
  }

  /** Does one of the things that people do. */
  act(): void {
    const [world, outside] = [this.#world, this.#outside];
    if (this.#random() < 0.03) return this.turnPage();
    const draw = this.#random();
    const task = outside.pick([...world.state.tasks.values()]);
    const ended = outside.pick(world.endedTasks().filter(({ id }) => !world.state.tasks.has(id)));
    const ask = outside.pick(world.askIds());
    if (draw < 0.3) return this.#submit(ended);
    if (draw < 0.4) return this.requestInstance();
    if (draw < 0.5 && task) return this.#send({ kind: "task-cancel-requested", taskId: task.id });
    if (draw < 0.6 && ended && world.state.tasks.size < tasksMax) {
      if (ended.spec.isolation === "server") this.#requestServer(ended.id, ended.origin.kind === "in-place");
      outside.servers.disown(ended.id);
      return this.#send({ kind: "task-retry-requested", task: ended });
    }
    if (draw < 0.8 && ask)
      return this.#send({ kind: "ask-answer-requested", askId: ask, answer: { kind: "allow", scope: "once" }, surface: "cli" });
    const instance = outside.pick([...world.state.instances.values()]);
    if (!instance) return;
    if (draw < 0.9) return this.#send({ kind: "instance-start-requested", instanceId: instance.id });
    const next = outside.pick(["stay", "start", "start", "remove"] as const) ?? "stay";
    this.#send({ kind: "instance-stop-requested", instanceId: instance.id, next, drain: this.#random() < 0.5 });
  }

  /** Midnight comes, or more may be used up today. */
  turnPage(): void {
    this.#days += 1;
    if (this.#random() < 0.5) return this.#send({ kind: "day-allowed", more: { tokens: 50, cost: 0 } });
    this.#send({ kind: "day-began", day: { ...noDay, name: `2026-11-${10 + this.#days}` } });
  }

  requestInstance(): void {
    if (this.#world.state.instances.size - this.dedicated().length < instancesMax) this.#spawn(this.#host());
  }

  /** Some tasks can run at home only; false when there is one that serves them. */
  requestHome(): boolean {
    if ([...this.#world.state.instances.values()].some(({ host, dedicatedTo }) => host === local && dedicatedTo === undefined))
      return false;
    this.#spawn(local);
    return true;
  }

  #spawn(host: HostId): void {
    this.#instances += 1;
    const instance = anInstance(instanceId(`${this.#instances}`), { host, slots: 1 + Math.floor(this.#random() * 3) });
    this.#send({ kind: "instance-requested", instance });
  }

  #host(): HostId {
    return this.#world.state.hosts.has(alpha) && this.#random() < 0.5 ? alpha : local;
  }

  #requestServer(id: TaskId, atHome: boolean): void {
    const own = { host: atHome ? local : this.#host(), slots: 1, dedicatedTo: id };
    this.#send({ kind: "instance-requested", instance: anInstance(instanceId(this.#outside.name("own")), own) });
  }

  #submit(ended: Task | undefined): void {
    const [world, outside] = [this.#world, this.#outside];
    if (world.state.tasks.size >= tasksMax) return;
    this.#tasks += 1;
    const id = taskId(`${this.#tasks}`);
    const after = this.#random() < 0.2 ? [...world.state.tasks.keys()].slice(0, 2) : [];
    const spec: Partial<TaskSpec> = {
      after,
      attemptsMax: 1 + Math.floor(this.#random() * 3),
      runTimeMaxMs: this.#random() < 0.2 ? 20_000 : 3_600_000,
      queueTimeMaxMs: this.#random() < 0.2 ? 30_000 : 0,
      tokensMax: this.#random() < 0.2 ? 50 : 0,
      priority: Math.floor(this.#random() * 3),
      strategy: outside.pick(strategies),
    };
    const pin = this.#random() < 0.3 ? ended?.session : undefined;
    const isThere = pin !== undefined && world.state.instances.get(pin.instanceId)?.host !== local;
    const inPlace = this.#random() < 0.3 && !isThere ? { origin: { kind: "in-place", directory: "/repo" } as const } : {};
    const alone = this.#random() < 0.15;
    if (alone) this.#requestServer(id, inPlace.origin !== undefined);
    this.#send({
      kind: "task-submitted",
      task: aTask(id, { spec: { ...spec, isolation: alone ? "server" : "worktree" }, pin: alone ? undefined : pin, ...inPlace }),
    });
  }
}
