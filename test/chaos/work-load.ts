import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { TaskId } from "../../shared/ids";
import type { TaskView } from "../../shared/task";
import { parseObject, textOf } from "../fakes/opencode-server/json";
import type { OctoWorld } from "../helpers/octo-world";
import { surely } from "./sure-client";

/** What the last tasks get to end in. */
const settleTimeoutMs = 180_000;
const lookMs = 100;

/** What became of all tasks, and what the servers saw of them. */
export interface Accounts {
  readonly tasks: number;
  readonly succeeded: number;
  /** `CODE: how many` of those that failed or were cancelled. */
  readonly otherEnds: Readonly<Record<string, number>>;
  /** Accepted, and unknown or without an end. */
  readonly lost: readonly string[];
  /** Turns that nobody asked for, or two at once. */
  readonly doubled: readonly string[];
  readonly turns: number;
  readonly attempts: number;
}

export function hasEnded({ state }: Pick<TaskView, "state">): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

/** Tasks that are kept coming while `isOn`, each with a tool that notices a second one of its kind. */
export class WorkLoad {
  readonly #world: OctoWorld;
  readonly #random: () => number;
  readonly #tasks = new Map<string, TaskId>();
  #submitting = 0;

  constructor(world: OctoWorld, random: () => number) {
    this.#world = world;
    this.#random = random;
  }

  /** Keeps so many tasks open until `signal` is raised. */
  async keep(count: number, signal: AbortSignal): Promise<void> {
    const submitting: Promise<void>[] = [];
    while (!signal.aborted) {
      const open = await this.#open().catch(() => count);
      for (let missing = count - open - this.#submitting; missing > 0; missing -= 1) submitting.push(this.#submit());
      await pause(lookMs);
    }
    await Promise.all(submitting);
  }

  async #open(): Promise<number> {
    const { tasks } = await this.#world.client.call("list_tasks", { limit: 1_000 }, { timeoutMs: 5_000 });
    return tasks.filter((task) => !hasEnded(task)).length;
  }

  async #submit(): Promise<void> {
    this.#submitting += 1;
    const { world } = { world: this.#world };
    const mark = `work-${this.#tasks.size + 1}`;
    this.#tasks.set(mark, mark as TaskId);
    const lock = join(world.folder, `${mark}.lock`);
    const seconds = (0.2 + this.#random() * 2).toFixed(2);
    // The lock is held by whatever lives of this tool, also when its server is gone.
    const tool = `exec 9>>${lock}; flock -n 9 || echo ${mark} >> ${join(world.folder, "overlaps")}; sleep ${seconds}`;
    const prompt = `[[task:${mark}]] [[bash:${tool}]] [[say:done]]`;
    const { task } = await surely(world, "distribute_task", { prompt, directory: world.repository, attemptsMax: 100 });
    this.#tasks.set(mark, task.id);
    this.#submitting -= 1;
  }

  /** Waits until everything has ended, and counts. */
  async settle(timeoutMs = settleTimeoutMs): Promise<Accounts> {
    const endAtMs = performance.now() + timeoutMs;
    const views: (readonly [string, TaskView | undefined])[] = [];
    for (const [mark, id] of this.#tasks) views.push([mark, await this.#ended(id, endAtMs)]);
    const lost = views.flatMap(([mark, view]) =>
      view && hasEnded(view) ? [] : [`${mark}: ${view?.state ?? "unknown"} ${view?.detail ?? ""}`],
    );
    const otherEnds: Record<string, number> = {};
    for (const [, view] of views) {
      const code = view?.error?.code;
      if (view && view.state !== "succeeded") otherEnds[code ?? view.state] = (otherEnds[code ?? view.state] ?? 0) + 1;
    }
    const doubled = await this.#overlaps();
    let [turns, attempts] = [0, 0];
    for (const [mark, view] of views) {
      const seen = await this.#world.openCode.turns(mark);
      turns += seen;
      attempts += view?.attempts.length ?? 0;
      if (seen > (view?.attempts.length ?? 0)) doubled.push(`${mark}: ${seen} turns in ${view?.attempts.length} attempts`);
    }
    doubled.push(...(await this.#repeated()));
    const succeeded = views.filter(([, view]) => view?.state === "succeeded").length;
    return { tasks: views.length, succeeded, otherEnds, lost, doubled, turns, attempts };
  }

  async #ended(taskId: TaskId, endAtMs: number): Promise<TaskView | undefined> {
    for (;;) {
      const task = await surely(this.#world, "get_task", { taskId }).then(
        (answer) => answer.task,
        () => undefined,
      );
      if (!task || hasEnded(task) || performance.now() > endAtMs) return task;
      await pause(lookMs);
    }
  }

  async #overlaps(): Promise<string[]> {
    const text = await readFile(join(this.#world.folder, "overlaps"), "utf8").catch(() => "");
    return text
      .split("\n")
      .filter(Boolean)
      .map((mark) => `${mark}: two tools at once`);
  }

  /** One prompt is one turn: its message id comes once in the log of the fakes. */
  async #repeated(): Promise<readonly string[]> {
    const text = await readFile(join(this.#world.folder, "turns.jsonl"), "utf8").catch(() => "");
    const ids = text.split("\n").flatMap((line) => textOf(parseObject(line), "messageId") ?? []);
    return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} was begun twice`);
  }
}
