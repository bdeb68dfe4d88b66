import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectNoProcessesWith } from "../helpers/census";
import { hasTmux } from "../helpers/tmux";
import { type BoardWorld, boardWorld, expectRestored, pressTill } from "./board-world";
import { ended, newMark, submit } from "./tasks";

describe.skipIf(!(await hasTmux()))("the board in a terminal", { timeout: 90_000 }, () => {
  let board: BoardWorld;

  beforeAll(async () => {
    board = await boardWorld();
  });
  afterAll(() => board[Symbol.asyncDispose]());

  test("shows everything about a task, page by page", async () => {
    const mark = newMark();
    const task = await ended(
      board.world,
      await submit(board.world, `${mark} [[task:${mark}]] [[say:the whole story]] [[write:story.txt|once]]`),
    );
    await using terminal = await board.openOn(mark);
    await pressTill(terminal, "Enter", /\[about\]/);
    await terminal.until(task.id);
    await terminal.press("Right", "Right");
    await terminal.until(/\[transcript\][\s\S]*── assistant\n[\s\S]*the whole story/);
    await terminal.press("Right");
    await terminal.until(/\[diff\]/);
    await terminal.press("Right");
    await terminal.until(/\[why\]/);
    await terminal.press("Escape");
    await terminal.until(/── tasks/);
    await terminal.press("?");
    await terminal.until("the keys");
    await terminal.press("Escape");
  });

  test("Enter's neighbour t attaches OpenCode to the selected session, and leaving it comes back", async () => {
    const mark = newMark();
    const task = await ended(board.world, await submit(board.world, `${mark} [[task:${mark}]] x`));
    await using terminal = await board.openOn(mark);
    await pressTill(terminal, "t", "FAKE TUI");
    const shown = await terminal.screen();
    expect(shown).toContain(`word <http://127.0.0.1:${board.instance.port}>`);
    expect(shown).toContain(`word <${task.sessionId}>`);
    expect(shown).toContain("password of 32 letters");
    await terminal.press("Enter");
    await terminal.until(new RegExp(`› ✔ .*${mark}`));
    await pressTill(terminal, "t", "FAKE TUI");
    await terminal.press("7", "Enter");
    await terminal.until("OpenCode ended with code 7");
  });

  test("follows the size of its terminal", async () => {
    await using terminal = await board.open();
    await terminal.until("oc1");
    await terminal.resize(60, 14);
    await terminal.until(/q quit$/m);
    expect((await terminal.screen()).split("\n")).toHaveLength(14);
    await terminal.resize(140, 40);
    await terminal.until(/─{130}/);
  });

  test("says that the bridge is away, and goes on with the next one where it was", async () => {
    const mark = newMark();
    await ended(board.world, await submit(board.world, `${mark} [[task:${mark}]] x`));
    await using terminal = await board.openOn(mark);
    await board.world.bridge().kill();
    await terminal.until("the bridge is away");
    await board.world.startBridge();
    await terminal.until("the bridge is away", { not: true });
    await terminal.until(new RegExp(`› ✔ .*${mark}`));
    await terminal.press("Escape");
    await terminal.until(/⬢ oc1 ready/, { timeoutMs: 20_000 });
  });

  test("has 256 colours, 16, or none, as the terminal and the person want", async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours
    const [many, few, any] = [/\u001b\[[\d;]*38;5;\d/, /\u001b\[[\d;]*3[1-6]m/, /\u001b\[[\d;]*3\d/];
    await using rich = await board.open();
    await rich.until(/⬢ oc1 ready/);
    expect(await rich.screen("-e")).toMatch(many);
    await using plain = await board.open({ TERM: "xterm" });
    await plain.until(/⬢ oc1 ready/);
    expect(await plain.screen("-e")).toMatch(few);
    expect(await plain.screen("-e")).not.toMatch(many);
    await using none = await board.open({ NO_COLOR: "1" });
    await none.until(/⬢ oc1 ready/);
    expect(await none.screen("-e")).not.toMatch(any);
  });

  test("q leaves the terminal as it was", async () => {
    await using terminal = await board.open();
    await terminal.until("oc1");
    expect(await terminal.format("alternate_on")).toBe("1");
    await pressTill(terminal, "q", /ended with code 0\nicanon\necho/);
    await expectRestored(terminal);
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s ends it at once, with the terminal as it was", async (signal) => {
    const mark = `${signal}-${process.pid}`;
    await using terminal = await board.open({ OCTO_TEST_BOARD: mark });
    await terminal.until("oc1");
    process.kill(await terminal.processId(), signal);
    const after = await terminal.until(/ended with code \d+\nicanon\necho/);
    expect(after).toContain(`ended with code ${{ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal]}`);
    await expectRestored(terminal);
    await terminal[Symbol.asyncDispose]();
    await expectNoProcessesWith("OCTO_TEST_BOARD", mark);
  });

  test("Ctrl-Z gives the shell its terminal, and fg brings the board back", async () => {
    await using terminal = await board.open({ PS1: "shell> ", HISTFILE: "" }, ["bash", "--norc", "--noprofile", "-i"]);
    await terminal.until("shell>");
    await terminal.press("-l", board.command.map((word) => `'${word}'`).join(" "));
    await terminal.press("Enter");
    await terminal.until(/⬢ oc1 ready/);
    await pressTill(terminal, "C-z", "Stopped");
    await expectRestored(terminal);
    await terminal.press("-l", "echo typed $((6*7))");
    await terminal.press("Enter");
    await terminal.until("typed 42");
    await terminal.press("-l", "fg");
    await terminal.press("Enter");
    await terminal.until(/⬢ oc1 ready/);
    await pressTill(terminal, "?", "the keys");
    await pressTill(terminal, "q", "typed 42");
  });
});
