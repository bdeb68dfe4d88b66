import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pressUntil } from "../e2e/pane-world";
import { instanceId, sampleInstance, sampleTask } from "../fakes/samples";
import type { TempFolder } from "../helpers/temp-folder";
import { hasTmux, tmuxTerminal } from "../helpers/tmux";
import { builtOcto, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

test("octo pane refuses to write its screen into a file or pipe", async () => {
  await using program = await octo(built);
  expect(await program.run(["pane", "local-1"])).toMatchObject({ code: 1, stderr: expect.stringContaining("PANE_UNSUITABLE") });
});

test("octo panes opens in the WezTerm that it runs in what went down with an earlier one", async () => {
  await using program = await octo(built);
  const asked: unknown[] = [];
  program.service.script({
    open_panes: async (params) => {
      asked.push(params);
      return { panes: [{ paneId: 7, target: instanceId("0001") }] };
    },
  });
  const environment = { WEZTERM_UNIX_SOCKET: "/run/user/1000/wezterm/gui-sock-4711", WEZTERM_PANE: "3" };
  expect((await program.run(["panes"], { environment })).stdout).toBe(`1 pane opened\n  7  ${instanceId("0001")}\n`);
  expect(asked).toEqual([{ guiId: 4711, shownPaneId: 3 }]);
  // A mux server's socket, and none.
  for (const elsewhere of [{ WEZTERM_UNIX_SOCKET: "/run/user/1000/wezterm/sock" }, {}]) {
    const { code, stderr } = await program.run(["panes"], { environment: elsewhere });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("PANE_UNSUITABLE") });
  }
});

describe.skipIf(!(await hasTmux()))("octo pane in a terminal", () => {
  test("shows an instance by its name until q, and ends well", async () => {
    await using program = await octo(built);
    program.service.setInstance(sampleInstance());
    program.service.setTask(sampleTask({ instanceId: instanceId("0001"), state: "running", title: "what it does" }));
    await using terminal = await tmuxTerminal({
      folder: program.home,
      command: [process.execPath, `${built.path}/dist/octo.js`, "pane", "local-1"],
      environment: {
        PATH: process.env.PATH ?? "",
        HOME: program.home,
        XDG_RUNTIME_DIR: program.home,
        XDG_STATE_HOME: `${program.home}/state`,
        TERM: "xterm",
      },
    });
    await terminal.until("what it does");
    await pressUntil(terminal, "q", "ended with");
    await terminal.until(/ended with code 0\nicanon\necho/);
  });

  test("says which one it does not know", async () => {
    await using program = await octo(built);
    await using terminal = await tmuxTerminal({
      folder: program.home,
      command: [process.execPath, `${built.path}/dist/octo.js`, "pane", "nobody"],
      environment: { PATH: process.env.PATH ?? "", HOME: program.home, XDG_RUNTIME_DIR: program.home, TERM: "xterm" },
    });
    await terminal.until(/TASK_UNKNOWN[\s\S]*ended with code 1/);
  });
});
