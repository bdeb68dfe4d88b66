import { expect, test } from "vitest";
import { instanceId, sampleTask, taskId } from "../fakes/samples";
import { TestBoard } from "./board-world";

const task = (name: string, change = {}) => sampleTask({ id: taskId(name), instanceId: instanceId("0001"), state: "running", ...change });

test("the board's figure of today begins anew with the day", () => {
  const board = new TestBoard({ tasks: [task("a", { usage: { tokensIn: 1, tokensOut: 1, cost: 0.1 } })] });
  board.messages({ kind: "today", revision: 2, costToday: 0 });
  expect(board.text()).toContain("$0.00 today");
  board.messages({ kind: "task", revision: 3, task: task("a", { usage: { tokensIn: 2, tokensOut: 2, cost: 0.4 } }) });
  expect(board.text()).toContain("$0.30 today");
});

test("the board says that nothing new can be stored as long as it is so", () => {
  const board = new TestBoard({});
  board.messages({ kind: "store", revision: 2, storeError: "no space" });
  expect(board.text()).toContain("cannot store anything new: no space");
  board.messages({ kind: "store", revision: 3 });
  expect(board.text()).not.toContain("no space");
});
