import { describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../helpers/eventually";
import { loneGui } from "./lone-gui";
import { lua, type WezTerm } from "./wezterm";

const press = async (gui: WezTerm, key: string, mods = "NONE") => gui.do("press", { window: await gui.window(), key, mods });
const tableSchema = z.object({ octo: z.array(z.looseObject({ key: z.string(), mods: z.string().optional() })) });

describe.skipIf(lua === undefined)("the keys", () => {
  test.each([true, false])("open the table and run a command, in a strict configuration and in a plain one: %s", async (strict) => {
    await using opened = await loneGui({ strict });
    const { gui } = opened;
    await press(gui, "o", "CTRL|SHIFT");
    expect((await gui.look()).windows[0]?.keyTable).toBe("octo");
    expect(await press(gui, "?", "SHIFT")).toBe("done");
    await eventually(() => expect(gui.overlays).toHaveLength(1));
    expect(gui.log).toEqual([]);
  });

  test("keep an Escape from the program in the pane, which it would interrupt", async () => {
    await using opened = await loneGui({});
    await press(opened.gui, "o", "CTRL|SHIFT");
    expect(await press(opened.gui, "Escape")).toBe("done");
    expect((await opened.gui.look()).windows[0]?.keyTable).toBeUndefined();
    expect(await press(opened.gui, "Escape")).toBe("passed");
  });

  test("tell D from d, also where keys count by their place", async () => {
    await using opened = await loneGui({});
    const { octo } = tableSchema.parse(await opened.gui.do("config", { field: "key_tables" }));
    expect(octo.map(({ key }) => key)).toContain("mapped:D");
    expect(octo.map(({ key }) => key)).toContain("d");
  });

  test("leave a leader alone that is the same key", async () => {
    const config = 'config.leader = { key = "O", mods = "CTRL", timeout_milliseconds = 1000 }';
    await using opened = await loneGui({ config, strict: true });
    expect(await press(opened.gui, "o", "CTRL|SHIFT")).toBe("leader");
    expect(opened.gui.log).toEqual([
      "warn: octo: the key CTRL|SHIFT o is your leader: octo leaves it alone; choose another with the option key, or bind actions.keys",
    ]);
  });

  test("come after the user's leader", async () => {
    const config = 'config.leader = { key = "a", mods = "CTRL" }';
    await using opened = await loneGui({ config, strict: true, options: '{ start = false, key = { key = "o", mods = "LEADER" } }' });
    expect(await press(opened.gui, "o", "LEADER")).toBe("done");
    expect((await opened.gui.look()).windows[0]?.keyTable).toBe("octo");
    expect(opened.gui.log).toEqual([]);
  });

  test("join the user's key tables and a table octo of the user's own", async () => {
    const mine = '{ key = "d", action = wezterm.action.EmitEvent("mine") }';
    const config = `config.key_tables = { resize = { ${mine} }, octo = { ${mine}, { key = "Escape", action = wezterm.action.EmitEvent("x") } } }`;
    await using opened = await loneGui({ config, strict: true });
    const { gui } = opened;
    const { octo } = tableSchema.parse(await gui.do("config", { field: "key_tables" }));
    expect(octo.filter(({ key }) => key === "d" || key === "Escape")).toHaveLength(2);
    expect(octo.length).toBeGreaterThan(10);
    expect(gui.log).toEqual(["warn: octo: the key d of the key table octo is yours: dispatch has no key"]);
  });

  test("of the user's own open the table with actions.keys, also where octo binds none", async () => {
    const config = '@apply@\nconfig.keys = { { key = "k", mods = "SUPER", action = octo.actions.keys } }';
    await using opened = await loneGui({ config, strict: true, options: "{ start = false, key = false, key_timeout = 1.5 }" });
    expect(await press(opened.gui, "k", "SUPER")).toBe("done");
    expect((await opened.gui.look()).windows[0]?.keyTable).toBe("octo");
    expect(await opened.gui.do("keys")).toMatchObject([{ action: { ActivateKeyTable: { timeout_milliseconds: 1500 } } }]);
  });

  test("cost nothing but themselves where the user's are no keys", async () => {
    await using opened = await loneGui({ config: 'setmetatable(config, { __index = function() error("mine") end })' });
    expect(opened.gui.log.join("\n")).toContain("the keys could not be added");
    await eventually(() => expect(opened.gui.right).toContain("octo"));
  });
});
