import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { loneGui } from "./lone-gui";
import { lua } from "./wezterm";

const source = readFileSync(join(import.meta.dirname, "../../plugin/options.ts"), "utf8");
const names = [...source.matchAll(/take(?:<.*>)?\("(\w+)"/g)].map(([, name]) => name ?? "").filter((name) => name !== "start");

describe.skipIf(lua === undefined)("options of apply_to_config", () => {
  test.each([
    "7",
    "-1",
    "0/0",
    "math.huge",
    '""',
    '"\\255\\27]0;x\\7"',
    '"/relative/../x"',
    "{}",
    "{ 1, {} }",
    '{ key = 5, mods = {}, dispatch = {}, [1] = "health", nobody = "x" }',
    '{ key = "o", mods = "HYPER|WHAT" }',
    "function() error('boom') end",
    "coroutine.create(function() end)",
    "false",
  ])("each of them %s: nothing of the configuration is lost, and every line of the log is octo's", async (value) => {
    const options = `{ start = false, ${names.map((name) => `${name} = ${value}`).join(", ")} }`;
    const config = 'config.keys = { { key = "x", action = wezterm.action.Nop } } config.ssh_domains = {}';
    await using opened = await loneGui({ options, config, strict: true });
    const { gui } = opened;
    await gui.do("reload");
    await gui.do("tick", { count: 3 });
    expect(gui.log.filter((line) => !/^(warn|info): octo: /.test(line))).toEqual([]);
    expect(gui.log.filter((line) => /octo-.* failed|attempt to/.test(line))).toEqual([]);
    expect(new Set(gui.log).size).toBe(gui.log.length);
    expect(JSON.stringify(gui.log)).not.toMatch(/\\u001b|\\u0007/);
    expect(await gui.do("keys")).toContainEqual({ key: "x", action: "Nop" });
  });

  test.each(["7", '"right"', "true", "function() end"])("%s in the place of them all is said once", async (given) => {
    await using opened = await loneGui({ options: `${given}`, environment: { PATH: "/usr/bin:/bin" } });
    await opened.gui.do("reload");
    expect(opened.gui.log.filter((line) => line.includes("the options must be a table"))).toHaveLength(1);
    await eventually(() => expect(opened.gui.right).toContain("octo"));
  });
});
