import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { type GuiWorld, guiWorld } from "./gui-world";
import { lua } from "./wezterm";

const patience = { timeoutMs: 20_000 };

async function ended({ world }: GuiWorld, prompt: string): Promise<string> {
  const { task } = await world.client.call("distribute_task", { prompt, directory: world.repository });
  await eventually(async () => expect((await world.client.call("get_task", { taskId: task.id })).task.state).toBe("succeeded"), patience);
  return task.id;
}

describe.skipIf(lua === undefined)("results in the list of tasks", () => {
  test("are merged into the branch of the user, and said", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const id = await ended(guis, "[[write:b.txt|hello]]");
    await gui.key("t");
    await gui.choose(await gui.nextOverlay(0), id);
    await gui.choose(await gui.nextOverlay(1), "merge its branch");
    await eventually(() => expect(gui.log.join()).toMatch(new RegExp(`${id} is merged into \\S+: one file`)), patience);
    expect((await readFile(join(guis.world.repository, "b.txt"), "utf8")).trim()).toBe("hello");
  });

  test("are dropped only when the person says so twice, where they are merged nowhere", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const id = await ended(guis, "[[write:b.txt|hello]]");
    const drop = async (answer: string) => {
      const shown = gui.overlays.length;
      await gui.key("t");
      await gui.choose(await gui.nextOverlay(shown), id);
      await gui.choose(await gui.nextOverlay(shown + 1), "drop its branch");
      await gui.choose(await gui.nextOverlay(shown + 2), answer);
    };
    await drop("keep it");
    await drop("drop it");
    await eventually(() => expect(gui.log.join()).toMatch(/is dropped; git branch \S+ [0-9a-f]{7,} brings it back/), patience);
  });

  test("open as a shell in a working tree", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const id = await ended(guis, "[[write:b.txt|hello]]");
    await gui.key("t");
    await gui.choose(await gui.nextOverlay(0), id);
    await gui.choose(await gui.nextOverlay(1), "a shell in its working tree");
    const tab = await eventually(async () => {
      const { cwd } = (await gui.look()).windows[0] ?? {};
      expect(cwd).not.toBe(guis.world.repository);
      return cwd ?? "";
    }, patience);
    expect((await readFile(join(tab, "b.txt"), "utf8")).trim()).toBe("hello");
  });

  test("are shown in a tab that is called by what it shows", async () => {
    await using guis = await guiWorld();
    const gui = await guis.openGui();
    const id = await ended(guis, "[[write:b.txt|hello]]");
    await gui.key("t");
    await gui.choose(await gui.nextOverlay(0), id);
    await gui.choose(await gui.nextOverlay(1), "what it changed");
    await eventually(() => expect(gui.titles).toEqual(["octo diff"]), patience);
    expect(gui.started.find(({ kind }) => kind === "pane")?.args.slice(-2)).toEqual(["diff", id]);
  });
});
