import { describe, expect, test } from "vitest";
import type { Act } from "../../bridge/board/act";
import { bindings } from "../../bridge/board/key-map";
import { frameDifference } from "../../bridge/paint/frame";
import { encode } from "../../bridge/paint/line";
import type { FullSnapshot } from "../../shared/snapshot";
import { askId, instanceId, sampleInstance, samplePermission, sampleQuestion, sampleTask, taskId } from "../fakes/samples";
import { TestBoard } from "./board-world";

const running = sampleTask({ id: taskId("run"), state: "running", title: "runs", instanceId: instanceId("0001") });
const branch = { repository: "/r", branch: "octo/tsk_end-x", base: "a", commit: "b", files: ["x"] };
const ended = sampleTask({ id: taskId("end"), state: "succeeded", title: "ended", endedAtEpochMs: 1, branch });
const world = (change: Partial<FullSnapshot> = {}): Partial<FullSnapshot> => ({
  instances: [sampleInstance({ name: "oc1" }), sampleInstance({ id: instanceId("0002"), name: "oc2" })],
  tasks: [running, ended],
  ...change,
});
const calls = (acts: readonly Act[]) => acts.flatMap((act) => (act.kind === "call" ? [act.call] : []));

describe("keys", () => {
  test.each([
    ["c", running.id, { method: "cancel_task", params: { taskId: running.id } }],
    ["m", ended.id, { method: "merge_task", params: { taskId: ended.id } }],
    ["x", ended.id, { method: "drop_task", params: { taskId: ended.id, force: false } }],
    ["X", ended.id, { method: "drop_task", params: { taskId: ended.id, force: true } }],
  ])("%s asks first, and does it at y alone", (key, id, call) => {
    for (const [answer, done] of [
      ["y", [call]],
      ["\r", []],
      ["n", []],
      ["\u001b[200~y\u001b[201~", []],
    ] as const) {
      const board = new TestBoard(world());
      if (id === ended.id) board.type("j");
      board.type(key);
      expect(board.acts).toEqual([]);
      board.type(answer);
      expect(calls(board.acts)).toEqual(done);
    }
  });

  test("what makes no sense for a task does nothing but say so", () => {
    const board = new TestBoard(world());
    for (const key of ["R", "r"]) {
      board.type(key);
      expect(board.text()).toContain("it has not ended yet");
    }
    board.type("j");
    board.type("c");
    expect(board.text()).toContain("it has ended already");
    expect(board.acts).toEqual([]);
  });

  test("an instance is drained, restarted and stopped after a yes", () => {
    const board = new TestBoard(world());
    board.type("\t");
    for (const key of ["D", "R", "S"]) {
      board.type(key);
      board.type("y");
    }
    const params = { instanceId: instanceId("0001") };
    expect(calls(board.acts)).toEqual([
      { method: "drain_instance", params },
      { method: "restart_instance", params: { ...params, drain: true } },
      { method: "stop_instance", params },
    ]);
  });

  test("cards are gone through sideways too", () => {
    const board = new TestBoard(world());
    board.type("g");
    board.type("l");
    expect(board.text()).toMatch(/› ⬢ oc2/);
    board.type("h");
    expect(board.text()).toMatch(/› ⬢ oc1/);
    board.type("j");
    expect(board.text()).toMatch(/› ▶ runs/);
  });

  test("a prompt goes to the selected instance, with its lines", () => {
    const board = new TestBoard(world());
    board.type("\t");
    board.type("p");
    board.type("do it\u001b\r\u001b[200~now\nplease\u001b[201~");
    board.type("\r");
    const filter = { instances: [instanceId("0001")] };
    expect(calls(board.acts)).toEqual([
      { method: "distribute_task", params: { prompt: "do it\nnow\nplease", directory: "/repo", filter } },
    ]);
  });

  test("an empty prompt is not sent, an escaped one neither", () => {
    const board = new TestBoard(world());
    board.type("p");
    board.type("\r");
    board.type("p");
    board.type("half");
    board.type("\u001b");
    expect(board.acts).toEqual([]);
  });

  test("finding narrows as one types, and Esc shows all again", () => {
    const board = new TestBoard(world());
    board.type("/");
    board.type("ended");
    expect(board.text()).toMatch(/› ✔ ended/);
    expect(board.text()).not.toMatch(/▶ runs/);
    board.type("\r");
    board.type("\u001b");
    expect(board.text()).toMatch(/▶ runs/);
  });

  test("the filter goes round, and says what it shows", () => {
    const board = new TestBoard(world());
    board.type("f");
    expect(board.text()).toMatch(/tasks {2}1 of 2, open/);
    board.type("\u001b");
    expect(board.text()).toMatch(/tasks {2}2 ─/);
  });

  test("every key of the map means one thing in each place", () => {
    for (const { place, keys } of bindings) {
      for (const key of keys) {
        const same = bindings.filter((each) => (each.place === place || each.place === "anything") && each.keys.includes(key));
        expect(same, `${key} on ${place}`).toHaveLength(1);
      }
    }
  });
});

describe("asks", () => {
  const asked = () => new TestBoard(world({ asks: [samplePermission({ taskId: running.id })] }));

  test("are answered by their keys, with the task selected", () => {
    for (const [key, answer] of [
      ["a", { kind: "allow", scope: "once" }],
      ["A", { kind: "allow", scope: "always" }],
    ] as const) {
      const board = asked();
      board.type(key);
      expect(calls(board.acts)).toEqual([{ method: "answer_ask", params: { askId: askId("per_0001"), answer, surface: "board" } }]);
    }
  });

  test("are denied with a message or without one", () => {
    for (const [text, message] of [
      ["use ls", "use ls"],
      ["", undefined],
    ] as const) {
      const board = asked();
      board.type("d");
      board.type(text);
      board.type("\r");
      expect(calls(board.acts)).toEqual([
        { method: "answer_ask", params: { askId: askId("per_0001"), answer: { kind: "deny", message }, surface: "board" } },
      ]);
    }
  });

  test("that just appeared, or keys that come with others, answer nothing", () => {
    const board = new TestBoard(world());
    board.nowMs += 1_000;
    board.messages({ kind: "asks", revision: 2, asks: [samplePermission({ taskId: running.id })] });
    board.nowMs += 100;
    board.typeAtOnce("a");
    expect(board.text()).toContain("that just appeared");
    board.type("aa");
    board.type("\u001b[200~a\u001b[201~");
    expect(board.acts).toEqual([]);
    // Another one in its place just appeared too.
    board.messages({ kind: "asks", revision: 3, asks: [samplePermission({ id: askId("per_2"), taskId: running.id })] });
    board.typeAtOnce("a");
    expect(board.acts).toEqual([]);
  });

  test("with several choices are sent by Enter", () => {
    const options = ["red", "blue"].map((label) => ({ label, description: "" }));
    const questions = [{ header: "h", question: "which?", options, multiple: true }];
    const board = new TestBoard(world({ asks: [sampleQuestion({ taskId: running.id, content: { kind: "question", questions } })] }));
    board.type("1");
    board.type("2");
    board.type("\r");
    const answer = { kind: "answers", answers: [["red", "blue"]] };
    expect(calls(board.acts)).toEqual([{ method: "answer_ask", params: { askId: askId("que_0001"), answer, surface: "board" } }]);
  });

  test("are gone through by n, and the cursor goes on to the next when one is answered", () => {
    const asks = ["per_a", "per_b"].map((id) => samplePermission({ id: askId(id), title: id, taskId: undefined }));
    const board = new TestBoard(world({ asks }));
    board.type("n");
    expect(board.text()).toMatch(/› ⚠ per_a/);
    board.type("n");
    expect(board.text()).toMatch(/› ⚠ per_b/);
    board.messages({ kind: "asks", revision: 2, asks: asks.slice(0, 1) });
    expect(board.text()).toMatch(/› ⚠ per_a/);
  });
});

test("a board at rest has nothing to write, and news that change nothing neither", () => {
  const board = new TestBoard(world({ tasks: [ended] }));
  const frame = () => board.picture().lines.map((line) => encode(line, 100, 256));
  const before = frame();
  for (let count = 0; count < 10; count += 1) board.take({ kind: "tick" });
  board.messages({ kind: "task", revision: 2, task: ended }, { kind: "asks", revision: 3, asks: [] });
  expect(frameDifference(before, frame())).toBe("");
});
