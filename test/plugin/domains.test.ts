import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../helpers/eventually";
import { loneGui } from "./lone-gui";
import { counts, oddBridge, snapshot } from "./odd-bridge";
import { lua, type WezTerm } from "./wezterm";
import type { WezTermOptions } from "./wezterm-options";

const ssh = { name: "alpha", remote_address: "alpha.example.org", username: "ann", multiplexing: "None", ssh_option: { port: "2222" } };
const tls = { name: "gamma", remote_address: "gamma.example.org:8099", bootstrap_via_ssh: "ann@gamma.example.org:2222" };
const both = { version: 1, ssh_domains: [ssh], tls_clients: [tls] };

const openGui = (domains: unknown, options: Partial<WezTermOptions> = {}) =>
  loneGui(options, async (stateFolder) => {
    await mkdir(stateFolder, { recursive: true });
    await writeFile(join(stateFolder, "domains.json"), typeof domains === "string" ? domains : JSON.stringify(domains));
  });

const listSchema = z.array(z.looseObject({ name: z.string() })).optional();
const field = async (gui: WezTerm, name: string) => listSchema.parse(await gui.do("config", { field: name }));
const names = async (gui: WezTerm, name: string) => (await field(gui, name))?.map((each) => each.name);

describe.skipIf(lua === undefined)("domains of hosts", () => {
  test.each([true, false])("are in the configuration in WezTerm's own words; strict: %s", async (strict) => {
    await using opened = await openGui(both, { strict, sshHosts: ["work"] });
    const { gui } = opened;
    // Setting the list takes WezTerm's own away: they are put in.
    expect(await names(gui, "ssh_domains")).toEqual(["SSH:work", "SSHMUX:work", "alpha"]);
    expect((await field(gui, "ssh_domains"))?.at(-1)).toEqual(ssh);
    expect(await field(gui, "tls_clients")).toEqual([tls]);
    await eventually(() => expect(gui.right).toContain("octo"));
    expect(gui.log).toEqual([]);
  });

  test("come after the user's own, and never in the place of one", async () => {
    const config = `
      config.ssh_domains = { { name = "mine", remote_address = "mine" }, { name = "alpha", remote_address = "other" } }
      config.tls_clients = { { name = "old", remote_address = "old:1" } }
      config.unix_domains = { { name = "gamma" } }`;
    await using opened = await openGui(both, { config, strict: true, sshHosts: ["work"] });
    const { gui } = opened;
    expect(await names(gui, "ssh_domains")).toEqual(["mine", "alpha"]);
    expect((await field(gui, "ssh_domains"))?.at(-1)).toMatchObject({ remote_address: "other" });
    expect(await names(gui, "tls_clients")).toEqual(["old"]);
    await gui.do("reload");
    for (const name of ["alpha", "gamma"]) {
      expect(gui.log.filter((line) => line.includes(`the domain ${name} is yours already`))).toHaveLength(1);
    }
  });

  test.each([
    ["nothing where there is no file", undefined, []],
    ["nothing while the option is off", both, []],
  ])("are %s: WezTerm's own stay its own", async (_name, domains, log) => {
    const options = domains === undefined ? "{ start = false }" : "{ start = false, domains = false }";
    await using opened = domains === undefined ? await loneGui({ options }) : await openGui(domains, { options });
    expect(await field(opened.gui, "ssh_domains")).toBeUndefined();
    expect(await field(opened.gui, "tls_clients")).toBeUndefined();
    expect(opened.gui.log).toEqual(log);
  });

  const text = JSON.stringify(both);
  test.each([
    ["cut in half", text.slice(0, text.length / 2), "is cut off or no JSON"],
    ["empty", "", "is cut off or no JSON"],
    ["not UTF-8", "\u00ff\u0000{", "is cut off or no JSON"],
    ["a list", "[1]", "is of another version"],
    ["of a newer octo", JSON.stringify({ ...both, version: 2 }), "is of another version of octo: update this plugin, or octo"],
  ])("are left out where the file is %s, which is said once", async (_name, domains, said) => {
    await using opened = await openGui(domains, { strict: true });
    const { gui } = opened;
    await gui.do("reload");
    expect(await field(gui, "ssh_domains")).toBeUndefined();
    expect(gui.log.filter((line) => line.includes(said))).toHaveLength(1);
    // The rest of octo is there all the same.
    expect(await gui.do("keys")).toHaveLength(1);
  });

  test("leave out what WezTerm would refuse the whole configuration for", async () => {
    const domains = {
      version: 1,
      ssh_domains: [
        ssh,
        ssh,
        { ...ssh, name: "local" },
        { ...ssh, name: "" },
        { ...ssh, name: "unix" },
        { ...ssh, name: 7 },
        { ...ssh, name: "b", multiplexing: "Tmux" },
        { name: "c" },
        "text",
        { ...ssh, name: "d", no_such_field: true, ssh_option: { port: 22 }, username: {} },
      ],
      tls_clients: [
        { ...tls, bootstrap_via_ssh: undefined },
        { ...tls, pem_ca: 5 },
      ],
    };
    await using opened = await openGui(domains, { strict: true });
    expect(await field(opened.gui, "ssh_domains")).toEqual([ssh, { name: "d", remote_address: "alpha.example.org", multiplexing: "None" }]);
    expect(await field(opened.gui, "tls_clients")).toEqual([tls]);
    expect(opened.gui.log.join("\n")).toContain("ssh_domains has an entry that WezTerm does not take (b)");
  });

  test("are left out by a WezTerm that cannot list its own, so that none of those is lost", async () => {
    await using opened = await openGui(both, { isOld: true });
    expect(await field(opened.gui, "ssh_domains")).toBeUndefined();
    expect(opened.gui.log.join("\n")).toContain("the domains could not be added");
  });

  test("that came while WezTerm ran are said once to need a new one", async () => {
    let hosts = 1;
    await using bridge = await oddBridge(() =>
      JSON.stringify({ ...snapshot, revision: hosts, counts: { ...counts, hosts, hostsReady: hosts } }),
    );
    const file = join(bridge.folder, ".local/state/octo/domains.json");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ ...both, tls_clients: [] }));
    await using gui = await bridge.open();
    await eventually(() => expect(gui.right).toContain("1/1"), { timeoutMs: 10_000 });
    await writeFile(file, JSON.stringify(both));
    hosts = 2;
    const said = () => gui.log.filter((line) => line.includes("started from now on"));
    await eventually(() => expect(said()).toHaveLength(1), { timeoutMs: 10_000 });
    expect(said()[0]).toContain("has the domain gamma; until then panes of that host are local");
    hosts = 3;
    await eventually(() => expect(gui.right).toContain("3/3"), { timeoutMs: 10_000 });
    expect(said()).toHaveLength(1);
  });
});
