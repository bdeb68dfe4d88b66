import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { lua, WezTerm } from "./wezterm";

// The stand-in is worth what its rules are: each of these was seen in the real GUI (docs of WezTerm say less).

const open = (config: string) => WezTerm.start({ config, options: "none", environment: { PATH: process.env.PATH ?? "" } });
const openBundle = (bundle: string) => WezTerm.start({ bundle, options: "none", environment: { PATH: process.env.PATH ?? "" } });

describe.skipIf(lua === undefined)("the stand-in for WezTerm", () => {
  test("has no debug, and a socket in handlers only", async () => {
    await using gui = await WezTerm.start({
      config: `wezterm.log_info(type(debug), tostring(os.getenv("WEZTERM_UNIX_SOCKET")))
        wezterm.on("update-status", function() wezterm.log_info(os.getenv("WEZTERM_UNIX_SOCKET")) end)`,
      options: "none",
      environment: { WEZTERM_UNIX_SOCKET: "/run/gui" },
    });
    expect(gui.log).toEqual(["info: nil nil", "info: nil nil", "info: /run/gui"]);
  });

  test("refuses the whole JSON for half a surrogate pair, as serde_json does", async () => {
    const texts = ["\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\ud83d\\u0041", "\\ud83dx"];
    const parsed = texts.map((text) => `tostring(pcall(wezterm.json_parse, [["${text}"]]))`);
    await using gui = await open(`wezterm.log_info(${parsed.join(", ")})`);
    expect(gui.log[0]).toBe("info: true false false false false");
  });

  test("refuses asynchronous functions in synchronous events", async () => {
    await using gui = await open(`wezterm.on("augment-command-palette", function() wezterm.sleep_ms(1) end)`);
    await expect(gui.palette()).rejects.toThrow("attempt to yield from outside a coroutine");
  });

  test("refuses asynchronous functions at the top of a required file", async () => {
    await expect(openBundle('require("wezterm").run_child_process({ "sleep", "1" })')).rejects.toThrow(
      "attempt to yield across a C-call boundary",
    );
  });

  test("runs children while other events go on, and raises for a missing one", async () => {
    await using gui = await open(`
      wezterm.on("slow", function() wezterm.run_child_process({ "sleep", "0.2" }) wezterm.log_info("slow") end)
      wezterm.on("quick", function() wezterm.log_info("quick") end)
      wezterm.on("missing", function() wezterm.log_info(select(2, pcall(wezterm.run_child_process, { "/nowhere" }))) end)`);
    const window = await gui.window();
    for (const name of ["slow", "quick", "missing"]) await gui.do("emit", { window, name });
    await eventually(() => expect(gui.log).toHaveLength(3));
    expect(gui.log.at(-1)).toBe("info: slow");
    expect(gui.log).toContain("info: No such file or directory (os error 2)");
  });

  test("runs one call of an event of a window, keeps one more, and drops the rest", async () => {
    await using gui = await open(`wezterm.on("slow", function() wezterm.sleep_ms(50) wezterm.log_info("ran") end)`);
    const window = await gui.window();
    for (let count = 0; count < 4; count += 1) await gui.do("emit", { window, name: "slow" });
    await eventually(() => expect(gui.log).toHaveLength(2));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(gui.log).toHaveLength(2);
  });

  test("runs the first handler only of the palette, and no later handler after an error", async () => {
    await using gui = await open(`
      wezterm.on("augment-command-palette", function() return { { brief = "one", action = {} } } end)
      wezterm.on("augment-command-palette", function() return { { brief = "two", action = {} } } end)
      wezterm.on("update-status", function() error("boom") end)
      wezterm.on("update-status", function() wezterm.log_info("later") end)`);
    expect((await gui.palette()).map(({ brief }) => brief)).toEqual(["one"]);
    expect(gui.log.join()).toContain("while processing update-status event");
    expect(gui.log.join()).not.toContain("later");
  });

  test("calls no status handler again that sets no status", async () => {
    await using gui = await open(`wezterm.on("update-status", function() wezterm.log_info("called") end)`);
    await gui.do("tick", { count: 5 });
    expect(gui.log.length).toBeLessThanOrEqual(2);
  });

  test("loses the Lua state at a reload and keeps GLOBAL, whose tables are userdata", async () => {
    await using gui = await open(`
      local count = 0
      wezterm.on("go", function()
        count = count + 1
        wezterm.GLOBAL.count = (wezterm.GLOBAL.count or 0) + 1
        wezterm.GLOBAL.list = { 1, 2 }
        wezterm.log_info(count, wezterm.GLOBAL.count, type(wezterm.GLOBAL.list), #wezterm.GLOBAL.list)
      end)`);
    const window = await gui.window();
    await gui.do("emit", { window, name: "go" });
    await gui.do("reload");
    await gui.do("emit", { window, name: "go" });
    expect(gui.log).toEqual(["info: 1 1 userdata 2", "info: 1 2 userdata 2"]);
  });

  test("calls what call_after queued while the configuration was evaluated after its publication, and never after a reload", async () => {
    await using gui = await open(`
      wezterm.time.call_after(0, function() wezterm.log_info("queued") end)
      wezterm.on("go", function() wezterm.time.call_after(0.1, function() wezterm.log_info("late") end) end)`);
    await eventually(() => expect(gui.log).toEqual(["info: queued"]));
    await gui.do("emit", { window: await gui.window(), name: "go" });
    await gui.do("reload");
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(gui.log).toEqual(["info: queued", "info: queued"]);
  });

  test("refuses floats where whole numbers are wanted, unknown fields, and text that is not UTF-8", async () => {
    const refused = async (lines: string, reason: string): Promise<void> => {
      await expect(open(lines)).rejects.toThrow(reason);
    };
    await refused('wezterm.action.ActivateKeyTable({ name = "x", timeout_milliseconds = 1000 / 2 })', "Cannot convert `F64` to `u64`");
    await refused(
      'wezterm.action.PromptInputLine({ description = "x", action = wezterm.action.EmitEvent("y"), colour = 1 })',
      "is not a valid",
    );
    await refused('wezterm.action.EmitEvent("\\255")', "invalid utf-8");
    await refused('wezterm.json_encode({ "\\255" })', "invalid utf-8");
  });

  test("ends at a cyclic table in GLOBAL and at an empty command, as WezTerm does", async () => {
    for (const line of ["local t = {} t.t = t wezterm.GLOBAL.x = t", "wezterm.run_child_process({})"]) {
      await using gui = await open(`wezterm.on("go", function() ${line} end)`);
      void gui.do("emit", { window: await gui.window(), name: "go" }).catch(() => undefined);
      expect(await gui.ended).toBe(134);
    }
  });

  test("checks a field of the strict builder when it is set first, and everything at the end", async () => {
    const strict = (config: string) =>
      WezTerm.start({ config, strict: true, options: "none", environment: { PATH: process.env.PATH ?? "" } });
    await expect(strict('config.ssh_domains = { { name = "a", remote_address = "a", colour = 1 } }')).rejects.toThrow("is not a valid");
    await expect(strict("config.no_such_option = 1")).rejects.toThrow("is not a valid Config field");
    await expect(strict('config.tls_clients = { { name = "a" } }')).rejects.toThrow("missing field `remote_address`");
    // Not looked at when it is set for a second time, but in the end.
    const twice = 'config.ssh_domains = {} config.ssh_domains = { { name = "local", remote_address = "a" } }';
    await expect(strict(twice)).rejects.toThrow("is a built-in domain");
    await expect(open('config.ssh_domains = { { name = "unix", remote_address = "a" } }')).rejects.toThrow("conflicts with another");
    await using gui = await strict("config:set_strict_mode(false) config.no_such_option = 1");
    expect(gui.log.join()).toContain("is not a valid Config field");
  });

  test("opens no key table that is not there", async () => {
    await using gui = await open(`wezterm.on("go", function(window, pane)
      wezterm.log_info(select(2, pcall(window.perform_action, window, wezterm.action.ActivateKeyTable({ name = "x" }), pane)))
    end)`);
    await gui.do("emit", { window: await gui.window(), name: "go" });
    await eventually(() => expect(gui.log).toEqual(["info: ActivateKeyTable: no key_table named x"]));
  });
});
