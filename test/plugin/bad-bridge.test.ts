import { chmod, chown, rm } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { oddBridge, snapshot } from "./odd-bridge";
import { lua } from "./wezterm";

const patience = { timeoutMs: 10_000 };

describe.skipIf(lua === undefined)("a bridge that is not as it should be", () => {
  test.each([
    ["an older bridge", 0, "octo: update the bridge", "the bridge is older"],
    ["a newer bridge", 2, "octo: update the plugin", "the plugin is older"],
  ])("of another version says which side to update: %s", async (_name, protocol, shown, logged) => {
    await using bridge = await oddBridge(() => JSON.stringify({ ...snapshot, protocol, unheard: true }));
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toBe(shown), patience);
    expect(gui.log.filter((line) => line.includes(logged))).toHaveLength(1);
  });

  test("that sends half a snapshot leaves the last whole one, said to be old", async () => {
    let whole = true;
    const text = JSON.stringify(snapshot);
    await using bridge = await oddBridge(() => (whole ? text : text.slice(0, 120)));
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("1/1"), patience);
    whole = false;
    await eventually(() => expect(gui.right).toContain("1/1 (stale: no answer)"), patience);
    whole = true;
    await eventually(() => expect(gui.right).not.toContain("stale"), patience);
  });

  test("that says it stops is told to have stopped once it is gone", async () => {
    const stopping = '{"ok":false,"error":{"code":"BRIDGE_STOPPING","message":"the bridge is stopping","next":""}}';
    let answer = JSON.stringify(snapshot);
    await using bridge = await oddBridge(() => answer);
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("1/1"), patience);
    answer = stopping;
    await eventually(() => expect(gui.right).toBe("octo: stopping"), patience);
    await rm(bridge.socket);
    await eventually(() => expect(gui.right).toBe("octo: not running"), patience);
  });

  test.each([
    "[]",
    "null",
    "{}",
    JSON.stringify({ ...snapshot, pause: 1 }),
    '{"protocol":1}',
    '{"protocol":1,"revision":"x"}',
    "<html>",
    "",
  ])("that answers %j is no bridge", async (text) => {
    await using bridge = await oddBridge(() => text);
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toBe("octo: no answer"), patience);
    expect(gui.log.filter((line) => line.startsWith("error"))).toEqual([]);
  });

  test("text of escape sequences in a snapshot is not obeyed", async () => {
    const evil = {
      ...snapshot,
      bridge: { ...snapshot.bridge, storeError: "\u001b[2J" },
      pause: "the day's limit\u001b[2J of $5 is\u202e reached",
      asks: [{ id: "per_1", title: "\u001b]0;x\u0007\u009b31m", kind: "permission" }],
    };
    await using bridge = await oddBridge(() => JSON.stringify(evil));
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("paused: the day's limit of $5 is reached store refuses writes"), patience);
    expect(gui.statuses.some(({ text }) => text.includes("\u001b[2J"))).toBe(false);
  });

  test.skipIf(process.getuid?.() !== 0)("of another user gets nothing", async () => {
    let asked = 0;
    await using bridge = await oddBridge(() => {
      asked += 1;
      return JSON.stringify(snapshot);
    });
    await chmod(bridge.socket, 0o777);
    await chown(bridge.socket, 65_534, 65_534);
    await using gui = await bridge.open();
    await eventually(() => expect(gui.log.join()).toContain("belongs to another user: set XDG_RUNTIME_DIR"), patience);
    expect(gui.right).toContain("belongs to another user".slice(0, 4));
    expect(asked).toBe(0);
  });

  test("whose socket has too long a path is named with the way out", async () => {
    await using bridge = await oddBridge(() => "", { runtime: "x".repeat(120) });
    await using gui = await bridge.open();
    await eventually(
      () => expect(gui.log.join()).toMatch(/the socket's path has \d+ bytes, 100 are possible: set XDG_RUNTIME_DIR/),
      patience,
    );
    expect(gui.started).toEqual([]);
  });

  test("is not asked where curl is missing, which is said once", async () => {
    await using bridge = await oddBridge(() => JSON.stringify(snapshot), { lua: '{ start = false, curl = "/nowhere/curl" }' });
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("octo: /nowhere/curl cannot be run"), patience);
    await gui.do("reload");
    await eventually(() => expect(gui.right).toContain("octo: /nowhere/curl cannot be run"), patience);
    expect(gui.log.filter((line) => line.includes("cannot be run"))).toHaveLength(1);
  });

  test("where octo is missing, that is said", async () => {
    await using bridge = await oddBridge(() => "", { lua: '{ octo = "/nowhere/octo" }' });
    await rm(bridge.socket);
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toMatch(/octo: .*(nowhere|No such file)/), patience);
  });

  test("a tick costs less than 0.2 ms", async () => {
    await using bridge = await oddBridge(() => JSON.stringify(snapshot));
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("1/1"), patience);
    const clock = Number(await gui.do("clock"));
    expect(await gui.do("tick", { count: 20_000 })).toBe(20_000);
    expect(Number(await gui.do("clock")) - clock).toBeLessThan(20_000 * 0.000_2);
  });
});
