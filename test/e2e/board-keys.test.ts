import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { hasTmux } from "../helpers/tmux";
import { type BoardWorld, boardWorld, pressTill } from "./board-world";
import { ended, instanceIn, newMark, oneAsk, submit, taskOf, untilState, waitsFor } from "./tasks";

describe.skipIf(!(await hasTmux()))("keys of the board", { timeout: 90_000 }, () => {
  let board: BoardWorld;

  beforeAll(async () => {
    board = await boardWorld();
  });
  afterAll(() => board[Symbol.asyncDispose]());

  const gate = (name: string): string => join(board.world.folder, name);

  test("shows instances, tasks and what they say as they say it", async () => {
    const file = gate("speaks");
    const mark = newMark();
    const task = await submit(board.world, `${mark} [[task:${mark}]] [[say:hello from the model]] ${waitsFor(file)}`);
    await using terminal = await board.openOn(mark);
    await terminal.until("hello from the model");
    await terminal.press("Escape");
    await terminal.until(/⬢ oc1 ready/);
    await writeFile(file, "");
    await ended(board.world, task);
    await terminal.until(/› ✔ /);
  });

  test("an ask is allowed by its key, but not by a paste", async () => {
    const mark = newMark();
    const task = await submit(board.world, `${mark} [[task:${mark}]] [[ask:echo asked]]`);
    await using terminal = await board.openOn(mark);
    await terminal.until(/may I bash\?/);
    await untilState(board.world, task, "waiting");
    await terminal.paste("a");
    await terminal.until(/a allow once/);
    expect(await taskOf(board.world, task.id)).toMatchObject({ state: "waiting" });
    await pressTill(terminal, "a", "allowed once");
    await ended(board.world, task);
  });

  test("an ask is denied with a message, and the model goes on", async () => {
    const mark = newMark();
    const task = await submit(board.world, `${mark} [[task:${mark}]] [[ask:echo asked]]`);
    await oneAsk(board.world, task);
    await using terminal = await board.openOn(mark);
    await terminal.until(/may I bash\?/);
    await pressTill(terminal, "d", "deny: with a message");
    await terminal.press("-l", "use ls instead");
    await terminal.until("use ls instead");
    await terminal.press("Enter");
    await terminal.until("denied");
    await ended(board.world, task);
  });

  test("allows always", async () => {
    const mark = newMark();
    const task = await submit(board.world, `${mark} [[task:${mark}]] [[ask:echo always-${mark}]]`);
    await using terminal = await board.openOn(mark);
    await terminal.until(/may I bash\?/);
    await pressTill(terminal, "A", "allowed always");
    await ended(board.world, task);
  });

  test("a question is answered by a digit", async () => {
    const mark = newMark();
    const task = await submit(board.world, `${mark} [[task:${mark}]] [[question:red or blue?|red|blue]]`);
    await using terminal = await board.openOn(mark);
    await terminal.until(/1-9 answer/);
    await pressTill(terminal, "1", "answered");
    await ended(board.world, task);
  });

  test("cancels after a yes, retries, replies", async () => {
    const mark = newMark();
    const task = await submit(board.world, `${mark} [[task:${mark}]] ${waitsFor(gate("never"))}`);
    await untilState(board.world, task, "running");
    await using terminal = await board.openOn(mark);
    await pressTill(terminal, "c", /cancel "/);
    await terminal.press("n");
    await terminal.until("left as it is");
    expect(await taskOf(board.world, task.id)).toMatchObject({ state: "running" });
    await pressTill(terminal, "c", /cancel "/);
    await terminal.press("y");
    await ended(board.world, task, "cancelled");
    await terminal.until(/› ⊘ /);
    await writeFile(gate("never"), "");
    await pressTill(terminal, "R", "queued again");
    await ended(board.world, task);
    await terminal.until(/› ✔ /);
    await pressTill(terminal, "r", /── reply/);
    await terminal.press("-l", "and [[say:once more]]");
    await terminal.press("Enter");
    await terminal.until("submitted");
    await eventually(async () => {
      const { tasks } = await board.world.client.call("list_tasks", { all: true });
      expect(tasks.filter(({ replyTo }) => replyTo === task.id)).toHaveLength(1);
    });
  });

  test("dispatches a prompt for the folder it was started in", async () => {
    await using terminal = await board.open({}, [
      "/bin/sh",
      "-c",
      'cd "$1"; shift; exec "$@"',
      "sh",
      board.world.repository,
      ...board.command,
    ]);
    await terminal.until("oc1");
    await pressTill(terminal, "p", /prompt for .*repository/);
    await terminal.press("-l", "dispatched [[say:from the board]]");
    await terminal.press("M-Enter");
    await terminal.press("-l", "second line");
    await terminal.until("second line");
    await terminal.press("Enter");
    await terminal.until("submitted");
    const task = await eventually(async () => {
      const found = (await board.world.client.call("list_tasks", { all: true })).tasks.find(({ prompt }) =>
        prompt.startsWith("dispatched"),
      );
      if (!found) throw new Error("not yet");
      return found;
    });
    expect(task.prompt).toBe("dispatched [[say:from the board]]\nsecond line");
    expect((await ended(board.world, task)).directory).toBe(board.world.repository);
  });

  test("merges, opens and drops what a task left", async () => {
    const mark = newMark();
    const task = await ended(board.world, await submit(board.world, `${mark} [[task:${mark}]] [[write:${mark}.txt|once]]`));
    const branches = () => board.world.git("branch", "--list", "--format=%(refname:short)");
    const editor = join(board.world.folder, "editor");
    await writeFile(editor, '#!/bin/sh\necho "EDITOR in $1"; read -r _\n', { mode: 0o755 });
    await using terminal = await board.openOn(mark, { EDITOR: editor });
    await pressTill(terminal, "o", /EDITOR in .*/);
    await terminal.press("Enter");
    await terminal.until(new RegExp(`› ✔ .*${mark}`));
    await pressTill(terminal, "x", /delete octo\//);
    await terminal.press("y");
    await terminal.until(/^.*not merged|is merged nowhere/m);
    expect(await branches()).toContain(task.branch?.branch);
    await pressTill(terminal, "m", /merge octo\/.*checked out\?/);
    await terminal.press("y");
    await terminal.until("merged");
    expect(await board.world.git("show", `HEAD:${mark}.txt`)).toBe("once");
    await pressTill(terminal, "X", /also what is merged nowhere\?/);
    await terminal.press("y");
    await terminal.until("dropped");
    expect(await branches()).not.toContain(task.branch?.branch);
  });

  test("drains, restarts and stops an instance after a yes", async () => {
    const { instances } = await board.world.client.call("spawn_opencode_server", {});
    const other = await instanceIn(board.world, "ready", instances[0]?.id);
    await using terminal = await board.open();
    await terminal.until(new RegExp(`${other.name} ready`));
    await terminal.press("/");
    await terminal.press("-l", other.name);
    await terminal.press("Enter");
    await pressTill(terminal, "Tab", new RegExp(`› ⬢ ${other.name}`));
    await pressTill(terminal, "R", new RegExp(`restart ${other.name} once`));
    await terminal.press("y");
    await terminal.until("restarts");
    await eventually(
      async () => expect(await instanceIn(board.world, "ready", other.id)).toMatchObject({ incarnation: other.incarnation + 1 }),
      {
        timeoutMs: 20_000,
      },
    );
    await pressTill(terminal, "D", new RegExp(`drain ${other.name}\\?`));
    await terminal.press("n");
    await terminal.until("left as it is");
    await pressTill(terminal, "D", new RegExp(`drain ${other.name}\\?`));
    await terminal.press("y");
    await terminal.until("drains");
    await pressTill(terminal, "S", new RegExp(`stop ${other.name}\\?`));
    await terminal.press("y");
    await instanceIn(board.world, "stopped", other.id);
  });
});
