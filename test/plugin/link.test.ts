import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { argumentsOf } from "../e2e/cut-promises";
import { processesWith } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import { guiWorld } from "./gui-world";
import { lua, skipReason } from "./wezterm";

if (lua === undefined) console.warn(skipReason);

const patience = { timeoutMs: 10_000 };

describe.skipIf(lua === undefined)("the link between WezTerm and the bridge", () => {
  test("shows a change as soon as the bridge has it, without waiting for a tick", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    await guis.world.client.call("spawn_opencode_server", { count: 1 });
    await eventually(() => expect(gui.right).toContain("1/1"), { timeoutMs: 15_000 });
    expect(gui.stderr).toBe("");
  });

  test("says that the bridge is gone, and that it is back", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    await guis.world.bridge().kill();
    await eventually(() => expect(gui.right).toBe("octo: not running"), patience);
    await guis.world.startBridge();
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    expect(await guis.octoCalls()).toEqual([]);
  });

  test("starts the bridge once, and not again after it went away", async () => {
    await using guis = await guiWorld({ start: false });
    const gui = await guis.openGui();
    await eventually(() => expect(gui.right).toContain("0/0"), { timeoutMs: 20_000 });
    expect(await guis.octoCalls()).toEqual(["up --auto"]);
    await guis.world.client.call("shut_down", { all: true });
    await eventually(() => expect(gui.right).toBe("octo: not running"), patience);
    await gui.do("reload");
    await eventually(async () => expect((await gui.look()).windows[0]?.right).toContain("octo: not running"), patience);
    expect(await guis.octoCalls()).toEqual(["up --auto"]);
  });

  test("says why the bridge could not be started, and starts it when the person says so", async () => {
    await using guis = await guiWorld({ start: false, environment: {} });
    const { writeFile } = await import("node:fs/promises");
    await writeFile(`${guis.world.home}/octo-fails`, "");
    const gui = await guis.openGui();
    await eventually(() => expect(gui.right).toBe("octo: octo failed on purpose"), patience);
    await rm(`${guis.world.home}/octo-fails`);
    await gui.key("u");
    await eventually(() => expect(gui.right).toContain("0/0"), { timeoutMs: 20_000 });
    expect(await guis.octoCalls()).toEqual(["up --auto", "up"]);
  });

  test("keeps one long poll and one bridge through fifty reloads, and does not grow", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    await eventually(() => expect(gui.right).toContain("0/0"), patience);
    for (let count = 0; count < 50; count += 1) await gui.do("reload");
    const polls = (): number => gui.runningPrograms().filter((args) => args.some((arg) => arg.includes("/v1/poll"))).length;
    await eventually(() => expect(polls()).toBe(1), { timeoutMs: 15_000 });
    const before = Number(await gui.do("memory"));
    for (let count = 0; count < 50; count += 1) await gui.do("reload");
    await eventually(() => expect(polls()).toBe(1), { timeoutMs: 15_000 });
    expect(Number(await gui.do("memory")) - before).toBeLessThan(500_000);
    await guis.world.client.call("spawn_opencode_server", { count: 1 });
    await eventually(() => expect(gui.right).toContain("1/1"), { timeoutMs: 15_000 });
    expect(await guis.octoCalls()).toEqual([]);
  }, 60_000);

  test("serves ten GUIs at once, which start one bridge together", async () => {
    await using guis = await guiWorld({ start: false });
    const opened = await Promise.all(Array.from({ length: 10 }, () => guis.openGui()));
    for (const gui of opened) await eventually(() => expect(gui.right).toContain("0/0"), { timeoutMs: 40_000 });
    const bridges = async () => {
      const own = await processesWith("XDG_RUNTIME_DIR", join(guis.world.folder, "run"));
      return own.filter(({ pid }) => argumentsOf(pid).some((word) => word.endsWith("octo-bridge.js")));
    };
    await eventually(async () => expect(await bridges()).toHaveLength(1), patience);
    await guis.world.client.call("spawn_opencode_server", { count: 1 });
    for (const gui of opened) await eventually(() => expect(gui.right).toContain("1/1"), { timeoutMs: 20_000 });
  }, 90_000);
});
