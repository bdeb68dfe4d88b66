import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { counts, oddBridge, snapshot } from "./odd-bridge";
import { lua } from "./wezterm";

const patience = { timeoutMs: 10_000 };

describe.skipIf(lua === undefined)("a GUI that nobody uses", () => {
  test("an idle day of ticks and a thousand pushes starts no process at a tick, and leaks nothing", async () => {
    let revision = 7;
    await using bridge = await oddBridge(() => JSON.stringify({ ...snapshot, revision, counts: { ...counts, queued: revision % 10 } }));
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("1/1"), patience);
    const push = async (times: number): Promise<void> => {
      const end = revision + times;
      // Every poll that names another revision than 7 is answered at once: as many pushes as the link can take.
      while (revision < end) {
        const before = gui.started.length;
        revision += 1;
        await eventually(() => expect(gui.started.length).toBeGreaterThan(before), { timeoutMs: 10_000, intervalMs: 1 });
      }
    };
    await push(200);
    revision = 7;
    await eventually(() => expect(gui.right).not.toContain("stale"), patience);
    const { callbacks } = await gui.look();
    const memory = Number(await gui.do("memory"));
    const polls = gui.started.length;
    expect(await gui.do("tick", { count: 86_400, seconds: 1 })).toBe(86_400);
    expect(gui.started.length - polls).toBeLessThan(30);
    await push(800);
    expect((await gui.look()).callbacks).toBe(callbacks);
    expect(Number(await gui.do("memory")) - memory).toBeLessThan(60_000);
  }, 120_000);
});
