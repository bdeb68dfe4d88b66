import { describe, expect, test } from "vitest";
import { nothingUnread } from "../../bridge/paint/input";
import { readKeys } from "../../bridge/panes/keys";
import { freshPaneState, type PaneState, selectedTask, withDrawn } from "../../bridge/panes/pane-state";
import { type PaneContent, PaneWorld } from "../../bridge/panes/pane-world";
import { press } from "../../bridge/panes/press";
import type { AskView } from "../../shared/ask";
import { askId, instanceId, sampleInstance, samplePermission, sampleQuestion, sampleTask, taskId } from "../fakes/samples";

const target = { kind: "instance", id: instanceId("0001") } as const;
const task = (name: string, change = {}) => sampleTask({ id: taskId(name), instanceId: target.id, state: "running", ...change });
const contentOf = (
  asks: readonly AskView[] = [],
  tasks = [task("a", { submittedAtEpochMs: 3 }), task("b", { submittedAtEpochMs: 2 }), task("c", { submittedAtEpochMs: 1 })],
): PaneContent => new PaneWorld({ tasks, instances: [sampleInstance()], asks }).content(target);

/** After the screen has shown it for long enough to be read. */
const read = (content: PaneContent, state: PaneState = freshPaneState) => withDrawn(state, content, 0);
const later = 10_000;
const keys = (content: PaneContent, ...bytes: readonly string[]) =>
  bytes.reduce((before, each) => press(before.state, content, each, later), { state: read(content) } as ReturnType<typeof press>);

describe("keys", () => {
  test("are read from whole sequences, several at once", () => {
    expect(readKeys("\u001b[Aj\u001bOB\r", nothingUnread).keys.map(({ kind }) => kind)).toEqual(["up", "down", "down", "enter"]);
  });

  test("that mean nothing are passed over", () => {
    expect(readKeys("zß漢\u001b[1;5C\u001b[200y\u0000\u001b", nothingUnread).keys).toEqual([]);
  });

  test("in a paste mean nothing, however it is cut into pieces", () => {
    const first = readKeys("j\u001b[200~aaa", nothingUnread);
    expect(first.keys).toEqual([{ kind: "down" }]);
    const second = readKeys(`a\r${"1".repeat(4_096)}\u001b[20`, first.unread);
    expect(second.keys).toEqual([]);
    // None of the text is kept.
    expect(JSON.stringify(second.unread).length).toBeLessThan(100);
    expect(readKeys("1~q", second.unread)).toEqual({ keys: [{ kind: "quit" }], unread: nothingUnread });
  });

  test("that come in two pieces are one: the end of an arrow allows nothing", () => {
    for (const [first, second] of [
      ["\u001b", "[A"],
      ["\u001b[", "A"],
      ["\u001bO", "A"],
    ] as const)
      expect(readKeys(second, readKeys(first, nothingUnread).unread).keys).toEqual([{ kind: "up" }]);
  });

  test("after an escape mean what they always do", () => {
    for (const [bytes, kind] of [
      ["\u001bq", "quit"],
      ["\u001b\r", "enter"],
    ] as const)
      expect(readKeys(bytes, nothingUnread).keys).toEqual([{ kind }]);
  });
});

describe("the cursor", () => {
  test("moves over the tasks and stops at their ends", () => {
    const content = contentOf();
    const cursorAfter = (...bytes: readonly string[]) => selectedTask(content, keys(content, ...bytes).state)?.id;
    expect([cursorAfter(), cursorAfter("j"), cursorAfter("jj"), cursorAfter("jjjjj"), cursorAfter("G", "k"), cursorAfter("k")]).toEqual(
      ["a", "b", "c", "c", "b", "a"].map(taskId),
    );
  });

  test("stays on its task when the list changes, and falls back to the first when the task is gone", () => {
    const { state } = keys(contentOf(), "j");
    const more = contentOf([], [task("new", { submittedAtEpochMs: 9 }), task("b"), task("a")]);
    expect(selectedTask(more, state)?.id).toBe(taskId("b"));
    expect(selectedTask(contentOf([], [task("x")]), state)?.id).toBe(taskId("x"));
  });

  test("goes to the next task that needs the person", () => {
    const content = contentOf([samplePermission({ taskId: taskId("c") })]);
    expect(keys(content, "n").state.cursor).toBe(taskId("c"));
    expect(keys(contentOf(), "n").state.notice).toMatch(/nothing waits/);
  });

  test("is opened by Enter, and q ends the view; without any task too", () => {
    expect(keys(contentOf(), "j", "\r")).toMatchObject({ act: { kind: "attach" }, state: { cursor: taskId("b") } });
    expect(keys(contentOf([], []), "\r").act).toEqual({ kind: "attach" });
    expect(keys(contentOf([], []), "j", "q").act).toEqual({ kind: "quit" });
  });
});

describe("an ask", () => {
  const permission = samplePermission({ taskId: taskId("a") });

  test.each([
    ["a", { kind: "allow", scope: "once" }],
    ["A", { kind: "allow", scope: "always" }],
    ["r", { kind: "deny" }],
  ])("for permission is answered by %s", (key, answer) => {
    expect(keys(contentOf([permission]), key).act).toEqual({ kind: "answer", askId: permission.id, answer });
  });

  test.each(["1", "y", "aa", "ja", "\u001b[200~a\u001b[201~"])("for permission is not answered by %j", (key) => {
    expect(keys(contentOf([permission]), key).act).toBeUndefined();
  });

  test("that just appeared is not what the key was for", () => {
    const content = contentOf([permission]);
    const early = press(withDrawn(freshPaneState, content, 1_000), content, "a", 1_200);
    expect(early.act).toBeUndefined();
    expect(early.state.notice).toMatch(/just appeared/);
    // Another ask took its place meanwhile: its time begins anew.
    const other = contentOf([samplePermission({ id: askId("per_0002"), taskId: taskId("a") })]);
    expect(press(read(content), other, "a", later).act).toBeUndefined();
    expect(press(withDrawn(read(content), other, later), other, "a", later + 100).act).toBeUndefined();
    expect(press(withDrawn(read(content), other, later), other, "a", later + 1_000).act).toMatchObject({ askId: "per_0002" });
  });

  test("of another task than the selected one is left alone, but one of no listed task is not", () => {
    expect(keys(contentOf([samplePermission({ taskId: taskId("b") })]), "a").act).toBeUndefined();
    expect(keys(contentOf([samplePermission({ taskId: undefined })]), "a").act).toMatchObject({ kind: "answer" });
  });

  test("with a question is answered by a digit", () => {
    const question = sampleQuestion({ taskId: taskId("a") });
    expect(keys(contentOf([question]), "2").act).toEqual({
      kind: "answer",
      askId: question.id,
      answer: { kind: "answers", answers: [["Red"]] },
    });
    expect(keys(contentOf([question]), "3").act).toBeUndefined();
    expect(keys(contentOf([question]), "a").act).toBeUndefined();
    expect(keys(contentOf([question]), "r").act).toMatchObject({ answer: { kind: "deny" } });
  });

  test("with several questions goes on to the next one, and chooses several where it may", () => {
    const options = ["Blue", "Red", "Green"].map((label) => ({ label, description: "" }));
    const questions = [
      { header: "one", question: "which?", options, multiple: false },
      { header: "many", question: "which of them?", options, multiple: true },
    ];
    const content = contentOf([sampleQuestion({ taskId: taskId("a"), content: { kind: "question", questions } })]);
    expect(keys(content, "1").act).toBeUndefined();
    expect(keys(content, "1", "2", "3", "2").state.answering).toMatchObject({ done: [["Blue"]], chosen: ["Green"] });
    expect(keys(content, "1", "2", "3", "\r").act).toMatchObject({ answer: { answers: [["Blue"], ["Red", "Green"]] } });
    // Nothing chosen: Enter opens the session, as ever.
    expect(keys(content, "1", "\r").act).toEqual({ kind: "attach" });
  });
});
