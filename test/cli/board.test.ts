import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HostView } from "../../shared/host";
import { hostId, instanceId, sampleInstance, sampleTask } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { hasTmux, type TmuxTerminal, tmuxTerminal } from "../helpers/tmux";
import { builtOcto, type Octo, octo } from "./octo";

describe.skipIf(!(await hasTmux()))("octo board", { timeout: 60_000 }, () => {
  let built: TempFolder;

  beforeAll(async () => {
    built = await builtOcto();
  });
  afterAll(() => built[Symbol.asyncDispose]());

  const board = ({ home }: Octo): Promise<TmuxTerminal> =>
    tmuxTerminal({
      folder: home,
      command: [process.execPath, join(built.path, "dist/octo.js"), "board"],
      environment: {
        PATH: process.env.PATH ?? "",
        HOME: home,
        XDG_RUNTIME_DIR: home,
        XDG_STATE_HOME: `${home}/state`,
        TERM: "xterm-256color",
      },
    });

  test("gives the terminal back when it breaks, and says what broke", async () => {
    await using world = await octo(built);
    world.service.setInstance(sampleInstance({ name: "oc1" }));
    await using terminal = await board(world);
    await terminal.until("oc1");
    // @ts-expect-error no bridge says such a thing
    world.service.setTask(sampleTask({ state: "nonsense" }));
    const after = await terminal.until(/ended with code \d+\nicanon\necho/);
    expect(after).toMatch(/error INTERNAL/);
    expect(after).toContain("ended with code 3");
    expect([await terminal.format("alternate_on"), await terminal.format("cursor_flag")]).toEqual(["0", "1"]);
  });

  test("writes nothing where nothing changed, and one frame where something did", async () => {
    await using world = await octo(built);
    const instance = sampleInstance({ name: "oc1" });
    world.service.setInstance(instance);
    await using terminal = await board(world);
    await terminal.until("oc1");
    const file = join(world.home, "written");
    await terminal.record(file);
    for (let count = 0; count < 20; count += 1) {
      world.service.setInstance(instance);
      world.service.setAsks([]);
    }
    world.service.setInstance({ ...instance, name: "oc7" });
    await terminal.until("oc7");
    const written = await eventually(async () => {
      const text = await readFile(file, "utf8");
      expect(text).toContain("oc7");
      return text;
    });
    // One row of one frame.
    expect(written.split("\u001b[?2026h")).toHaveLength(2);
    expect(written.match(/\[\d+;1H/g)?.length).toBeLessThanOrEqual(2);
  });

  test("groups instances by host, and tells how each is reached", async () => {
    await using world = await octo(built);
    const host: HostView = {
      name: hostId("builder"),
      address: "builder.example.org",
      labels: [],
      paths: {},
      domain: "none",
      onPartition: "wait",
      link: "reconnecting",
      linkAgeMs: 120_000,
    };
    world.service.script({ list_hosts: async () => ({ hosts: [host] }) });
    world.service.setInstance(sampleInstance({ name: "oc1" }));
    await using terminal = await board(world);
    await terminal.until(/── local ─[\s\S]*oc1/);
    // It was added while the board was open.
    world.service.setInstance(sampleInstance({ id: instanceId("2"), name: "oc2", host: host.name, state: "unknown" }));
    await terminal.until(/── builder {2}reconnecting for 2m ─[\s\S]*oc2 unknown/);
  });

  test("says so where there is no terminal", async () => {
    await using world = await octo(built);
    const { code, stderr, stdout } = await world.run(["board"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("BOARD_UNSUITABLE");
  });

  test("goes on with a bridge that was away", async () => {
    await using world = await octo(built);
    world.service.setInstance(sampleInstance({ name: "oc1" }));
    await using terminal = await board(world);
    await terminal.until("oc1");
    await world.stopApi();
    await terminal.until("the bridge is away");
    world.service.setInstance(sampleInstance({ name: "oc7" }));
    await world.startApi();
    await terminal.until("oc7");
    await terminal.until("the bridge is away", { not: true });
    await eventually(async () => {
      await terminal.press("q");
      await terminal.until("ended with code 0", { timeoutMs: 1_000 });
    });
  });
});
