import type { AskView } from "../../shared/ask";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { Notice } from "../../shared/notice";
import type { FullSnapshot } from "../../shared/snapshot";
import type { StreamMessage } from "../../shared/stream";
import type { TaskStateName, TaskView } from "../../shared/task";

export type ScreenTarget = { readonly kind: "instance"; readonly id: InstanceId } | { readonly kind: "task"; readonly id: TaskId };

/** What a pane is about, out of everything that the bridge knows. */
export interface PaneContent {
  readonly target: ScreenTarget;
  readonly instance?: InstanceView | undefined;
  /** What needs or has the instance first, then what ended, the newest first. */
  readonly tasks: readonly TaskView[];
  /** Oldest first. */
  readonly asks: readonly AskView[];
}

const endedShownMax = 20;
const ranks: Readonly<Record<TaskStateName, number>> = { waiting: 0, running: 0, queued: 1, succeeded: 2, failed: 2, cancelled: 2 };

/** The bridge's news, kept up to date for one screen. */
export class PaneWorld {
  readonly #tasks = new Map<TaskId, TaskView>();
  readonly #instances = new Map<InstanceId, InstanceView>();
  #asks: readonly AskView[];

  constructor({ tasks, instances, asks }: Pick<FullSnapshot, "tasks" | "instances" | "asks">) {
    for (const task of tasks) this.#tasks.set(task.id, task);
    for (const instance of instances) this.#instances.set(instance.id, instance);
    this.#asks = asks;
  }

  /** Whether the content of the target may differ now. */
  apply(message: StreamMessage, target: ScreenTarget): boolean {
    switch (message.kind) {
      case "task": {
        const before = this.#tasks.get(message.task.id);
        this.#tasks.set(message.task.id, message.task);
        return this.#isAbout(message.task, target) || (before !== undefined && this.#isAbout(before, target));
      }
      case "instance":
        this.#instances.set(message.instance.id, message.instance);
        return this.#instanceId(target) === message.instance.id;
      case "instance-removed":
        this.#instances.delete(message.instanceId);
        return this.#instanceId(target) === message.instanceId;
      case "asks":
        this.#asks = message.asks;
        return true;
      case "snapshot":
      case "output":
      case "output-tail":
      case "lines":
      case "pause":
      case "store":
      case "today":
      case "notice":
        return false;
    }
  }

  /** Whether somebody who looks at the target is the one to tell. */
  isFor({ taskId, instanceId }: Notice, target: ScreenTarget): boolean {
    return target.kind === "task" ? target.id === taskId : target.id === instanceId;
  }

  content(target: ScreenTarget): PaneContent {
    const instanceId = this.#instanceId(target);
    const mine = [...this.#tasks.values()].filter((task) => this.#isAbout(task, target)).sort(inOrder);
    const live = mine.filter(({ state }) => ranks[state] < 2);
    const ended = mine.filter(({ state }) => ranks[state] === 2).slice(0, endedShownMax);
    const asks = this.#asks.filter((ask) => (target.kind === "task" ? ask.taskId === target.id : ask.instanceId === target.id));
    return { target, instance: instanceId && this.#instances.get(instanceId), tasks: [...live, ...ended], asks };
  }

  #isAbout({ id, instanceId }: TaskView, target: ScreenTarget): boolean {
    return target.kind === "task" ? id === target.id : instanceId === target.id;
  }

  #instanceId(target: ScreenTarget): InstanceId | undefined {
    return target.kind === "instance" ? target.id : this.#tasks.get(target.id)?.instanceId;
  }
}

/** By state, then the newest first; the same whatever order the news came in. */
function inOrder(a: TaskView, b: TaskView): number {
  return ranks[a.state] - ranks[b.state] || b.submittedAtEpochMs - a.submittedAtEpochMs || (a.id < b.id ? -1 : 1);
}
