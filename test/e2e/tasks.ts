import { expect } from "vitest";
import type { AskView } from "../../shared/ask";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { SubmitParams } from "../../shared/protocol";
import type { TaskStateName, TaskView } from "../../shared/task";
import { eventually } from "../helpers/eventually";
import type { OctoWorld } from "../helpers/octo-world";

// What the tests say to a bridge and wait for.

let marks = 0;

/** A new name to count turns under. */
export function newMark(): string {
  marks += 1;
  return `mark-${process.pid}-${marks}`;
}

/** A prompt whose turn waits until the file exists. */
export function waitsFor(file: string): string {
  return `[[bash:until test -e '${file}'; do sleep 0.05; done]]`;
}

export async function submit(world: OctoWorld, prompt: string, more: Partial<SubmitParams> = {}): Promise<TaskView> {
  return (await world.client.call("distribute_task", { prompt, directory: world.repository, ...more })).task;
}

export async function taskOf(world: OctoWorld, taskId: TaskId): Promise<TaskView> {
  return (await world.client.call("get_task", { taskId })).task;
}

/** The task once it is as the check wants it. */
export function until(world: OctoWorld, { id }: Pick<TaskView, "id">, check: (task: TaskView) => void): Promise<TaskView> {
  return eventually(
    async () => {
      const task = await taskOf(world, id);
      check(task);
      return task;
    },
    { timeoutMs: world.openCode.patienceMs },
  );
}

export function untilState(world: OctoWorld, task: Pick<TaskView, "id">, state: TaskStateName): Promise<TaskView> {
  return until(world, task, (found) => expect(found).toMatchObject({ state }));
}

/** Waits for the end, which must be this one. */
export async function ended(world: OctoWorld, task: Pick<TaskView, "id">, state: TaskStateName = "succeeded"): Promise<TaskView> {
  const end = await until(world, task, (found) => expect(["succeeded", "failed", "cancelled"], found.detail).toContain(found.state));
  expect(end, `${JSON.stringify([end.error, end.attempts])} ${world.bridge().log().slice(-2_000)}`).toMatchObject({ state });
  return end;
}

/** Succeeded in one attempt, and the model was asked once. */
export async function expectOneTurn(world: OctoWorld, task: Pick<TaskView, "id">, mark: string): Promise<TaskView> {
  const end = await ended(world, task);
  expect(end.attempts.map(({ outcome }) => outcome)).toEqual(["succeeded"]);
  expect(await world.openCode.turns(mark)).toBe(1);
  return end;
}

export function oneAsk(world: OctoWorld, task: Pick<TaskView, "id">): Promise<AskView> {
  return eventually(
    async () => {
      const { asks } = await world.client.call("list_asks", {});
      const own = asks.filter(({ taskId }) => taskId === task.id);
      expect(own).toHaveLength(1);
      return first(own);
    },
    { timeoutMs: world.openCode.patienceMs },
  );
}

export async function instances(world: OctoWorld): Promise<readonly InstanceView[]> {
  return (await world.client.call("list_opencode_servers", {})).instances;
}

/** The instance once it is in this state; the only one when none is named. */
export function instanceIn(world: OctoWorld, state: InstanceView["state"], id?: InstanceId): Promise<InstanceView> {
  return eventually(
    async () => {
      const all = (await instances(world)).filter((instance) => id === undefined || instance.id === id);
      expect(all).toMatchObject([{ state }]);
      return first(all);
    },
    { timeoutMs: world.openCode.patienceMs },
  );
}

/** A started server, before any task needs one. */
export async function spawned(world: OctoWorld): Promise<InstanceView> {
  const { instances: made } = await world.client.call("spawn_opencode_server", {});
  return instanceIn(world, "ready", first(made).id);
}

export function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error("there is none");
  return item;
}

/** The error of a call that must fail. */
export async function refused(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error("it was not refused");
    },
    (thrown: unknown) => thrown,
  );
}
