import { expect, test } from "vitest";
import type { Task } from "../../bridge/core/task";
import { needOf } from "../../bridge/core/task-shelves";
import { TaskTable } from "../../bridge/core/task-table";
import { taskId } from "../fakes/samples";
import { aTask } from "./steps";

const queuedAt = (sinceMs: number, notBeforeMs: number): Task["state"] => ({ kind: "queued", sinceMs, notBeforeMs });
const none: ReadonlySet<string> = new Set();

function tableOf(...tasks: readonly Task[]): TaskTable {
  return TaskTable.of(tasks);
}

test("has the task next that is highest in priority, and of equals the one submitted first", () => {
  const [early, late, urgent] = [aTask(taskId("z")), aTask(taskId("a")), aTask(taskId("m"), { spec: { priority: 5 } })];
  const table = tableOf(late, early, urgent);
  expect(table.nextInTurn(none)).toBe(urgent);
  const rest = table.with({ ...urgent, state: { kind: "succeeded", endedAtEpochMs: 0 } });
  expect(rest.nextInTurn(none)).toBe(early);
  expect(table.nextInTurn(none)).toBe(urgent);
});

test("keeps a task that is not to run yet out of the line until it is woken", () => {
  const task = aTask(taskId("1"), { state: queuedAt(100, 500) });
  const table = tableOf(task);
  expect(table.nextInTurn(none)).toBeUndefined();
  expect(table.nextWakeMs).toBe(500);
  expect(table.wake(499)).toBe(table);
  const woken = table.wake(500);
  expect(woken.nextInTurn(none)).toBe(task);
  expect(woken.nextWakeMs).toBeUndefined();
});

test("keeps a task that comes after another out of the line until that one is done", () => {
  const blocked = aTask(taskId("2"), { blockedBy: [taskId("1")] });
  const table = tableOf(blocked);
  expect(table.nextInTurn(none)).toBeUndefined();
  expect(table.blocked()).toEqual([blocked]);
  const free = table.with({ ...blocked, blockedBy: [] });
  expect(free.blocked()).toEqual([]);
  expect(free.nextInTurn(none)?.id).toBe(blocked.id);
});

test("passes over every task with the same need at once", () => {
  const filter = { instances: [], hosts: [], labels: ["gpu"] };
  const [first, second] = [aTask(taskId("1"), { spec: { filter } }), aTask(taskId("2"), { spec: { filter: { ...filter } } })];
  const plain = aTask(taskId("3"));
  const table = tableOf(first, second, plain);
  expect(table.nextInTurn(none)).toBe(first);
  expect(table.nextInTurn(new Set([needOf(first)]))).toBe(plain);
});

test("knows which limit of the time in the queue comes first", () => {
  const [slow, soon] = [10_000, 3_000].map((queueTimeMaxMs, index) =>
    aTask(taskId(`${index}`), { spec: { queueTimeMaxMs }, state: queuedAt(50, 50) }),
  );
  if (!slow || !soon) throw new Error("two tasks");
  const table = tableOf(slow, soon);
  expect(table.nextExpiry).toEqual({ atMs: 3_050, task: soon });
  expect(table.with({ ...soon, state: { kind: "succeeded", endedAtEpochMs: 0 } }).nextExpiry?.task).toBe(slow);
});

test("lets go of ended tasks, and only of those", () => {
  const [done, open] = [aTask(taskId("1"), { state: { kind: "succeeded", endedAtEpochMs: 0 } }), aTask(taskId("2"))];
  const table = tableOf(done, open);
  expect([table.size, table.queuedCount]).toEqual([2, 1]);
  expect(table.withoutEnded().values()).toEqual([open]);
  expect(table.has(done.id)).toBe(true);
  expect(tableOf(open).withoutEnded().size).toBe(1);
});
