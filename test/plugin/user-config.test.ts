import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { loneGui } from "./lone-gui";
import { lua, plain } from "./wezterm";

const off = '{ start = false, status = "off", key = false, palette = false, domains = false, toasts = false, panes = false }';

describe.skipIf(lua === undefined)("the user's own configuration", () => {
  test("keeps its handlers, keys and right status with every option off", async () => {
    const config = `
      wezterm.on("update-status", function(window) window:set_right_status("mine") end)
      wezterm.on("augment-command-palette", function() return { { brief = "mine", action = wezterm.action.EmitEvent("x") } } end)
      wezterm.on("format-tab-title", function() return "mine" end)
      config.keys = { { key = "O", mods = "CTRL", action = wezterm.action.EmitEvent("mine") } }`;
    await using opened = await loneGui({ config, options: off });
    const { gui } = opened;
    await eventually(() => expect(gui.right).toBe("mine"));
    await gui.do("tick", { count: 5 });
    expect(gui.statuses.map(({ text }) => text)).toEqual(["mine"]);
    expect((await gui.palette()).map(({ brief }) => brief)).toEqual(["mine"]);
    expect(await gui.do("keys")).toHaveLength(1);
    expect(gui.log).toEqual([]);
  });

  test("keeps its palette handler before and after ours, with the palette on", async () => {
    const handler = `wezterm.on("augment-command-palette", function()
      local all = octo.palette_entries()
      table.insert(all, 1, { brief = "mine", action = wezterm.action.EmitEvent("x") })
      return all
    end)`;
    for (const config of [`@apply@\n${handler}`, `${handler}\n@apply@`]) {
      await using opened = await loneGui({ config });
      await eventually(() => expect(opened.gui.right).toContain("octo"));
      const briefs = (await opened.gui.palette()).map(({ brief }) => brief);
      expect(briefs[0]).toBe("mine");
      expect(briefs).toContain("OpenCode: dispatch a prompt");
    }
  });

  test("gets the palette of octo where it has no handler of its own", async () => {
    await using opened = await loneGui({});
    await eventually(() => expect(opened.gui.right).toContain("octo"));
    expect((await opened.gui.palette()).length).toBeGreaterThan(10);
  });

  test("keeps a key it has already, and says so once in the log", async () => {
    const config = 'config.keys = { { key = "o", mods = "SHIFT|CTRL", action = wezterm.action.EmitEvent("mine") } }';
    await using opened = await loneGui({ config });
    const { gui } = opened;
    expect(await gui.do("keys")).toEqual([{ key: "o", mods: "SHIFT|CTRL", action: { EmitEvent: "mine" } }]);
    await gui.do("reload");
    expect(gui.log.filter((line) => line.includes("is yours already"))).toHaveLength(1);
  });

  test("keeps WezTerm's own keys", async () => {
    await using opened = await loneGui({ defaultKeys: [{ key: "O", mods: "CTRL" }] });
    expect(opened.gui.log.join("\n")).toContain("the key CTRL|SHIFT o is one of WezTerm's own");
    expect(await opened.gui.do("keys")).toEqual({});
  });

  test("is told that a leader key never fires without a leader", async () => {
    await using opened = await loneGui({ options: '{ start = false, key = { key = "o", mods = "LEADER" } }' });
    expect(opened.gui.log.join("\n")).toContain("never fires: config.leader is not set");
  });

  test("draws the line itself with status_text, at once when something changes", async () => {
    const config = `
      local function draw(window) window:set_left_status("<" .. octo.status_text() .. ">") end
      wezterm.on("update-status", draw)
      wezterm.on("octo-status", draw)`;
    await using opened = await loneGui({ config, options: '{ start = false, status = "off" }' });
    const { gui } = opened;
    await eventually(() => expect(plain(gui.statuses.at(-1)?.text ?? "")).toContain("octo: not running"));
    expect(gui.statuses.every(({ side, text }) => side === "left" && text.startsWith("<"))).toBe(true);
  });

  test("loses only the segment that throws, and is told once", async () => {
    const options = '{ start = false, segments = { "health", function() error("boom") end, function() return "\\27[31mown" end } }';
    await using opened = await loneGui({
      options,
      config:
        'wezterm.GLOBAL.octo_snapshot = [[{"protocol":1,"revision":1,"bridge":{"version":"0","pid":1,"startedAtEpochMs":1},' +
        '"counts":{"instances":2,"instancesReady":1,"queued":0,"running":0,"waiting":0,"succeeded":0,"failed":0,"costToday":0},"troubled":[],"asks":[],"ends":[]}]]',
    });
    const { gui } = opened;
    await eventually(() => expect(gui.statuses.some(({ text }) => plain(text).includes("1/2 own (stale)"))).toBe(true));
    expect(gui.log.filter((line) => line.includes("boom"))).toHaveLength(1);
  });

  test("says each wrong or unknown option once, and uses the default", async () => {
    const options = '{ start = false, status = "middle", ascii = 1, colour = true, key_timeout = 0, segments = { "cpu" }, socket = "x" }';
    await using opened = await loneGui({ options });
    const { gui } = opened;
    await eventually(() => expect(gui.right).toContain("octo"));
    await gui.do("reload");
    const lines = gui.log.filter((line) => line.includes("option"));
    expect(lines.toSorted()).toEqual([
      "warn: octo: option ascii must be true or false, not 1; the default holds",
      "warn: octo: option key_timeout must be a number of seconds from 1 to 60, not 0; the default holds",
      "warn: octo: option segments must be a list of functions and of health, running, queued, waiting, cost, hosts, not a table; the default holds",
      'warn: octo: option socket must be an absolute path, not "x"; the default holds',
      'warn: octo: option status must be "right", "left" or "off", not "middle"; the default holds',
      "warn: octo: there is no option colour; it is ignored",
    ]);
  });

  test("says that curl is missing", async () => {
    await using opened = await loneGui({ options: '{ start = false, curl = "/nowhere/curl" }' });
    await eventually(() => expect(opened.gui.right).toContain("octo: not running"));
  });

  test("says nothing in the mux server and in wezterm cli, whose stderr other programs read", async () => {
    await using opened = await loneGui({
      isGui: false,
      options: "{ colour = true }",
      config: 'config.keys = { { key = "O", mods = "CTRL", action = "Nop" } }',
    });
    expect(opened.gui.log).toEqual([]);
  });

  test("is looked at where the environment is not UTF-8", async () => {
    await using opened = await loneGui({
      environment: { XDG_RUNTIME_DIR: "NOT-UTF-8", XDG_STATE_HOME: "NOT-UTF-8", SSH_AUTH_SOCK: "NOT-UTF-8" },
    });
    await eventually(() => expect(opened.gui.right).toBe("octo: not running"));
    expect(opened.gui.log).toEqual([]);
  });

  test("does nothing in the mux server", async () => {
    await using opened = await loneGui({ isGui: false });
    await opened.gui.do("tick");
    expect(opened.gui.started).toEqual([]);
    expect(opened.gui.log).toEqual([]);
  });
});
