import type { AskView } from "../../shared/ask";
import type { HostView } from "../../shared/host";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { BridgeView, FullSnapshot } from "../../shared/snapshot";
import type { StreamMessage } from "../../shared/stream";
import type { TaskView } from "../../shared/task";
import { type OutputTail, withEntries } from "../panes/output-tail";

/** A task, and when (monotonic) it was told: its run time goes on from there. */
export interface SeenTask {
  readonly task: TaskView;
  readonly seenAtMs: number;
}

/** What the bridge told, put together. */
export interface World {
  readonly bridge?: BridgeView | undefined;
  readonly tasks: ReadonlyMap<TaskId, SeenTask>;
  readonly instances: ReadonlyMap<InstanceId, InstanceView>;
  /** Oldest first. */
  readonly asks: readonly AskView[];
  readonly hosts: readonly HostView[];
  /** There are SSH hosts, of which only the bridge's list tells. */
  readonly hasHosts: boolean;
  /** When (monotonic) the hosts were told of. */
  readonly hostsAtMs: number;
  /** What each task said last. */
  readonly said: ReadonlyMap<TaskId, string>;
  /** Of the one task that is watched. */
  readonly output?: { readonly taskId: TaskId; readonly tail: OutputTail } | undefined;
  /** US dollars, as the bridge said at first and by what tasks used since. */
  readonly costToday: number;
  /** Why nothing is placed today any more. */
  readonly pause?: string | undefined;
}

export const emptyWorld: World = {
  tasks: new Map(),
  instances: new Map(),
  asks: [],
  hosts: [],
  hasHosts: false,
  hostsAtMs: 0,
  said: new Map(),
  costToday: 0,
};

/** A board may be open for weeks. */
const endedKeptMax = 400;

export function hasEnded({ state }: TaskView): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

/** The world after all the messages, in their order; what did not change stays the same object. */
export function withMessages(world: World, messages: readonly StreamMessage[], nowMs: number): World {
  const draft = new Draft(world, nowMs);
  for (const message of messages) draft.apply(message);
  return draft.finish();
}

/** Copies a map at its first change. */
class Draft {
  #world: World;
  readonly #nowMs: number;
  #tasks: Map<TaskId, SeenTask> | undefined;
  #instances: Map<InstanceId, InstanceView> | undefined;
  #said: Map<TaskId, string> | undefined;

  constructor(world: World, nowMs: number) {
    this.#world = world;
    this.#nowMs = nowMs;
  }

  apply(message: StreamMessage): void {
    switch (message.kind) {
      case "snapshot":
        return this.#begin(message.snapshot);
      case "task":
        return this.#putTask(message.task);
      case "instance":
        this.#instances ??= new Map(this.#world.instances);
        this.#instances.set(message.instance.id, message.instance);
        return;
      case "instance-removed":
        this.#instances ??= new Map(this.#world.instances);
        this.#instances.delete(message.instanceId);
        return;
      case "asks":
        this.#world = { ...this.#world, asks: message.asks };
        return;
      case "pause":
        this.#world = { ...this.#world, pause: message.pause };
        return;
      case "store": {
        const { bridge } = this.#world;
        this.#world = { ...this.#world, bridge: bridge && { ...bridge, storeError: message.storeError } };
        return;
      }
      case "today":
        this.#world = { ...this.#world, costToday: message.costToday };
        return;
      case "notice":
        return;
      case "lines":
        this.#said ??= new Map(this.#world.said);
        for (const { taskId, text } of message.lines) this.#said.set(taskId, text);
        return;
      case "output-tail":
        this.#world = { ...this.#world, output: { taskId: message.taskId, tail: withEntries([], message.entries) } };
        return;
      case "output": {
        const { output } = this.#world;
        if (output?.taskId !== message.taskId) return;
        this.#world = { ...this.#world, output: { ...output, tail: withEntries(output.tail, [message.entry]) } };
        return;
      }
    }
  }

  finish(): World {
    const tasks = this.#tasks ?? this.#world.tasks;
    const instances = this.#instances ?? this.#world.instances;
    return { ...this.#world, tasks, instances, said: this.#said ?? this.#world.said };
  }

  #begin({ bridge, tasks, instances, asks, counts, pause }: FullSnapshot): void {
    this.#world = {
      ...this.#world,
      bridge,
      asks,
      pause,
      output: undefined,
      costToday: counts.costToday,
      hasHosts: (counts.hosts ?? 0) > 0,
    };
    this.#tasks = new Map(tasks.map((task) => [task.id, { task, seenAtMs: this.#nowMs }]));
    this.#instances = new Map(instances.map((instance) => [instance.id, instance]));
    this.#said = new Map();
  }

  #putTask(task: TaskView): void {
    const before = (this.#tasks ?? this.#world.tasks).get(task.id)?.task;
    this.#tasks ??= new Map(this.#world.tasks);
    this.#tasks.set(task.id, { task, seenAtMs: this.#nowMs });
    const cost = Math.max(0, task.usage.cost - (before?.usage.cost ?? 0));
    if (cost > 0) this.#world = { ...this.#world, costToday: this.#world.costToday + cost };
    if (hasEnded(task) && !(before && hasEnded(before))) this.#forgetOldest(this.#tasks);
  }

  #forgetOldest(tasks: Map<TaskId, SeenTask>): void {
    const ended = [...tasks.values()].map(({ task }) => task).filter(hasEnded);
    if (ended.length <= endedKeptMax) return;
    ended.sort((a, b) => (a.endedAtEpochMs ?? 0) - (b.endedAtEpochMs ?? 0));
    this.#said ??= new Map(this.#world.said);
    for (const { id } of ended.slice(0, ended.length - endedKeptMax / 2)) {
      tasks.delete(id);
      this.#said.delete(id);
    }
  }
}
