import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstanceView } from "../../shared/instance";
import { expectNoProcessesWith, processesWith } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { hasTmux, type TmuxTerminal } from "../helpers/tmux";
import { fakeWithAttach, openPane, pressUntil } from "./pane-world";
import { ended, newMark, submit, taskOf, untilState, waitsFor } from "./tasks";

describe.skipIf(!(await hasTmux()))("a thin pane", { timeout: 90_000 }, () => {
  let world: OctoWorld;
  let instance: InstanceView;

  beforeAll(async () => {
    world = await octoWorld({ openCode: fakeWithAttach });
    await world.client.call("spawn_opencode_server", {});
    instance = await readyInstance();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const readyInstance = () =>
    eventually(
      async () => {
        const [found] = (await world.client.call("list_opencode_servers", {})).instances;
        expect(found?.state).toBe("ready");
        if (!found) throw new Error("no instance");
        return found;
      },
      { timeoutMs: 20_000 },
    );
  const pane = (more: Partial<Parameters<typeof openPane>[1]> = {}): Promise<TmuxTerminal> =>
    openPane(world, { target: instance.id, ...more });
  const gate = (name: string) => join(world.folder, name);

  test("shows the server, its tasks and what the selected one says as it says it", async () => {
    const file = gate("speaks");
    const task = await submit(world, `[[task:${newMark()}]] [[say:hello from the model]] ${waitsFor(file)}`);
    await using terminal = await pane();
    await terminal.until(/⬢ oc1 {2}ready .*slots/);
    await terminal.until(/› ▶ /);
    await terminal.until("hello from the model");
    await writeFile(file, "");
    await ended(world, task);
    await terminal.until(/› ✔ /);
  });

  test("Enter attaches OpenCode to the selected task's session, and leaving it comes back", async () => {
    const first = await ended(world, await submit(world, `[[task:${newMark()}]] older`));
    const second = await ended(world, await submit(world, `[[task:${newMark()}]] newer`));
    await using terminal = await pane({ environment: { OPENCODE_SERVER_USERNAME: "somebody" } });
    await terminal.until(`── ${second.id}`);
    await pressUntil(terminal, "Down", `── ${first.id}`);
    await terminal.press("Enter");
    const shown = await terminal.until("FAKE TUI");
    expect(shown).toContain(`word <http://127.0.0.1:${instance.port}>`);
    expect(shown).toContain(`word <${first.sessionId}>`);
    expect(shown).toMatch(/word <--dir>\nword <\/[\s\S]*>\nword <--session>/);
    expect(shown).toContain("password of 32 letters");
    expect(shown).toContain("user opencode, updates off: 1");
    await terminal.press("Enter");
    await terminal.until(`── ${first.id}`);
    // What it drew before is gone, and keys work on.
    await pressUntil(terminal, "Up", `── ${second.id}`);
  });

  test("says how OpenCode ended where it failed, and goes back at Enter", async () => {
    await ended(world, await submit(world, `[[task:${newMark()}]] x`));
    await using terminal = await pane();
    await terminal.until(/── tsk_/);
    await terminal.until("open its session");
    await pressUntil(terminal, "Enter", "FAKE TUI");
    await terminal.press("7", "Enter");
    await terminal.until("OpenCode ended with code 7");
    await terminal.press("Enter");
    await terminal.until(/⬢ oc1 {2}ready/);
  });

  test("follows the size of its terminal, and keeps the cursor", async () => {
    const first = await ended(world, await submit(world, `[[task:${newMark()}]] one`));
    const second = await ended(world, await submit(world, `[[task:${newMark()}]] two`));
    await using terminal = await pane({ columns: 60, rows: 15 });
    await terminal.until(`── ${second.id}`);
    await pressUntil(terminal, "Down", `── ${first.id}`);
    await terminal.resize(100, 30);
    await terminal.until(new RegExp(`── ${first.id}.*─{15}`));
    expect((await terminal.screen()).split("\n").at(-1)).toMatch(/q close/);
    await terminal.resize(40, 10);
    await terminal.until(new RegExp(`── ${first.id}`));
    await eventually(async () => expect((await terminal.screen()).split("\n").at(-1)).toMatch(/choose/), { timeoutMs: 5_000 });
  });

  test("an ask is answered by its key, but not by a paste", async () => {
    const task = await submit(world, `[[task:${newMark()}]] [[ask:echo asked]]`);
    await using terminal = await pane();
    await terminal.until(/may I bash\?/);
    await untilState(world, task, "waiting");
    await terminal.paste("a");
    await terminal.paste(`a${"b".repeat(5_000)}a`);
    await terminal.until(/may I bash\?/);
    expect(await taskOf(world, task.id)).toMatchObject({ state: "waiting" });
    await pressUntil(terminal, "a", "allowed once");
    await ended(world, task);
    await terminal.until(/may I bash\?/, { not: true });
  });

  test("a question is answered by a digit", async () => {
    const task = await submit(world, `[[task:${newMark()}]] [[question:red or blue?|red|blue]]`);
    await using terminal = await pane({ target: task.id });
    await terminal.until(/1-9 answer/);
    await pressUntil(terminal, "1", "answered");
    await ended(world, task);
  });

  test("waits for a bridge that is killed, and goes on with the next one where it was", async () => {
    const first = await ended(world, await submit(world, `[[task:${newMark()}]] one`));
    await ended(world, await submit(world, `[[task:${newMark()}]] two`));
    await using terminal = await pane();
    await pressUntil(terminal, "Down", `── ${first.id}`);
    await world.bridge().kill();
    await terminal.until("the bridge is away");
    await world.startBridge();
    await terminal.until(/⬢ oc1 {2}ready/);
    await terminal.until("the bridge is away", { not: true });
    await readyInstance();
    await pressUntil(terminal, "Enter", "FAKE TUI");
  });

  test("shows a server that died and came back, and attaches to the new one", async () => {
    await ended(world, await submit(world, `[[task:${newMark()}]] x`));
    await using terminal = await pane();
    await terminal.until(/⬢ oc1 {2}ready/);
    const { pid } = await readyInstance();
    process.kill(pid ?? 0, "SIGKILL");
    await terminal.until(/⬢ oc1 {2}(?!ready)\w+/);
    await terminal.until(/⬢ oc1 {2}ready/, { timeoutMs: 20_000 });
    await pressUntil(terminal, "Enter", "FAKE TUI");
  });

  test("q leaves the terminal as it was, also while the bridge is away", async () => {
    await using terminal = await pane();
    await terminal.until(/⬢ oc1/);
    expect(await terminal.format("alternate_on")).toBe("1");
    await pressUntil(terminal, "q", "ended with code 0");
    expect(await terminal.format("alternate_on")).toBe("0");
    await world.bridge().kill();
    await using lonely = await pane();
    await lonely.until("the bridge is away");
    await lonely.press("q");
    await lonely.until("ended with code 0");
    await world.startBridge();
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s ends it at once, with all it started", async (signal) => {
    const mark = `${signal}-${process.pid}`;
    await using terminal = await pane({ environment: { OCTO_TEST_PANE: mark } });
    await terminal.until(/⬢ oc1/);
    process.kill(await terminal.processId(), signal);
    const after = await terminal.until(/ended with code \d+\nicanon\necho/);
    expect(after).toContain(`ended with code ${{ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal]}`);
    expect(await terminal.format("alternate_on")).toBe("0");
    expect(await terminal.format("cursor_flag")).toBe("1");
    const isLeft = (name: string): boolean => name === "dd" || name === "curl";
    await eventually(async () => expect((await namesOf(mark)).filter(isLeft)).toEqual([]));
    await terminal[Symbol.asyncDispose]();
    await expectNoProcessesWith("OCTO_TEST_PANE", mark);
  });

  test("with -t it begins in OpenCode, and shows the thin view after it", async () => {
    const task = await ended(world, await submit(world, `[[task:${newMark()}]] x`));
    await using terminal = await pane({ options: ["-t"] });
    expect(await terminal.until("FAKE TUI")).toContain(`word <${task.sessionId}>`);
    await terminal.press("Enter");
    await terminal.until(`── ${task.id}`);
  });

  test("runs in other shells too", async () => {
    await ended(world, await submit(world, `[[task:${newMark()}]] x`));
    await using terminal = await pane({ shell: ["bash", "--posix"] });
    await terminal.until(/⬢ oc1 {2}ready/);
    await terminal.resize(120, 20);
    await terminal.until(/─{20}/);
    await pressUntil(terminal, "Enter", "FAKE TUI");
    await terminal.press("Enter");
    await terminal.until(/⬢ oc1 {2}ready/);
    process.kill(await terminal.processId(), "SIGTERM");
    await terminal.until(/ended with code 143\nicanon\necho/);
  });

  test("has colours, but none where NO_COLOR is set", async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours
    const colours = /\u001b\[[\d;]*3\d/;
    await using bright = await pane();
    await bright.until(/⬢ oc1 {2}ready/);
    expect(await bright.screen("-e")).toMatch(colours);
    await using plain = await pane({ environment: { NO_COLOR: "1" } });
    await plain.until(/⬢ oc1 {2}ready/);
    expect(await plain.screen("-e")).not.toMatch(colours);
  });
});

/** Programs of the processes with this mark in their environment. */
async function namesOf(mark: string): Promise<readonly string[]> {
  const pids = (await processesWith("OCTO_TEST_PANE", mark)).map(({ pid }) => String(pid));
  // Its own too: there is always one.
  const { stdout } = await execa("ps", ["-o", "comm=", "-p", [String(process.pid), ...pids].join(",")], { reject: false });
  return stdout.split("\n").map((name) => name.trim());
}
