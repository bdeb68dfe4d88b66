import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPortChooser } from "../../../bridge/adapters/opencode/launcher-port";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import { eventually } from "../../helpers/eventually";
import { fakeOpenCodeCommand } from "../../helpers/fake-opencode-command";
import { endAll } from "../../helpers/sshd";
import { tempFolder } from "../../helpers/temp-folder";
import { startTool } from "../opencode/launcher-contract";
import { runLocally } from "./local-shell";

const processes = createProcesses(process.platform);
const password = "pw";
const limitS = 30;
const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"]].filter(([name]) =>
  (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, name ?? ""))),
);

/** One bridge's things on a machine, without the bridge: servers, the clock of the fence, signs of life. */
async function fencedWorld(shell: readonly string[]) {
  const temp = await tempFolder("octo-fence");
  const run = temp.path;
  // A proxy as companies have it: nobody listens there, and nothing of ours may go there.
  const proxy = { http_proxy: "http://127.0.0.1:9", all_proxy: "http://127.0.0.1:9" };
  const environment = { HOME: run, OCTO_TEST_RUN: run, OCTO_CLOCK_FILE: join(run, "clock"), SHELL: "/bin/sh", ...proxy };
  const rootOf = (owner: string) => join(run, ".local/state/octo/hosts", owner);
  // At once: a fence that read it half written would take every sign of life for one of long ago.
  const setClock = async (atS: number) => {
    await writeFile(join(run, "clock.new"), `${atS}.50 1\n`);
    await rename(join(run, "clock.new"), join(run, "clock"));
  };
  const [program = "sh", ...first] = shell;
  const secrets = `octo_secrets='octo_password=${password}\nocto_command='\\''${(await fakeOpenCodeCommand()).join(" ")}'\\''\nocto_database=own\nocto_environment() { :; }\nocto_forget_environment() { :; }'`;
  return {
    folder: run,
    run,
    rootOf,
    setClock,
    ask: (owner: string, script: string) => runLocally({ shell: [program, ...first], environment, owner, script }),
    secrets,
    async start(owner: string, host = "") {
      const port = await createPortChooser()([], 0);
      const [line = ""] = await this.ask(owner, `octo_host=${host}\n${secrets}\nocto_launch ins_a 1 ${port} ${limitS}`);
      const [, pid, bootId = "", , startTime = ""] = line.split(" ");
      return { identity: { pid: Number(pid), bootId, startTime }, endpoint: { url: `http://127.0.0.1:${port}`, password } };
    },
    [Symbol.asyncDispose]: () => endAll(run, temp),
  };
}

// At once: what takes long here is waiting.
describe.each(shells)("the fence on a host, in %s", { concurrent: true }, (...shell) => {
  test("ends a server and its tools when the bridge is silent for its limit, and no other", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    await world.setClock(1_000);
    const [silent, heard] = [await world.start("silent"), await world.start("heard")];
    await eventually(async () => expect((await fetch(`${silent.endpoint.url}/global/health`)).status).toBe(401), { timeoutMs: 15_000 });
    const body = { parts: [{ type: "text", text: "[[bash:sleep 3600]]" }] };
    await startTool(silent.endpoint, world, { path: "prompt_async", body });
    const tools = await processes.findByEnvironment("OPENCODE_PID", String(silent.identity.pid));
    expect(tools).not.toEqual([]);

    await world.setClock(1_000 + limitS - 1);
    await world.ask("heard", `octo_pulse ${limitS} ${1_000 + limitS - 1}`);
    // A request from before, which was under way all the time.
    await world.ask("silent", `octo_pulse ${limitS} 1000`);
    expect(await processes.isAlive(silent.identity)).toBe(true);
    await world.setClock(1_000 + limitS);
    await eventually(async () => expect(await processes.isAlive(silent.identity)).toBe(false), { timeoutMs: 15_000 });
    await eventually(async () => expect(await alive(tools)).toEqual([]), { timeoutMs: 15_000 });
    await eventually(async () =>
      expect(await processes.findByEnvironment("OCTO_INSTANCE", `${world.rootOf("silent")}/instances/ins_a:1`)).toEqual([]),
    );
    expect(await processes.isAlive(heard.identity)).toBe(true);

    const folder = join(world.rootOf("silent"), "instances/ins_a");
    expect(await readFile(join(folder, "fenced"), "utf8")).toMatch(/^1 \d+\n$/);
    expect(await readFile(join(folder, "stderr.log"), "utf8")).toContain(`no sign of the bridge for ${limitS} s`);
    // Its turn was ended by dispose, not only by the end of its process.
    expect(await readFile(join(folder, "opencode.db"), "utf8")).toContain("MessageAbortedError");
    expect(await world.ask("silent", "octo_adopt ins_a 1")).toEqual(["none"]);
  });

  test("ends the tools of a server that ends by itself: the bridge may be away, and moves its task", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    await world.setClock(1_000);
    const { identity, endpoint } = await world.start("silent");
    await eventually(async () => expect((await fetch(`${endpoint.url}/global/health`)).status).toBe(401), { timeoutMs: 15_000 });
    await startTool(endpoint, world, { path: "prompt_async", body: { parts: [{ type: "text", text: "[[bash:sleep 3600]]" }] } });
    const tools = await processes.findByEnvironment("OPENCODE_PID", String(identity.pid));
    expect(tools).not.toEqual([]);
    await processes.signal(identity, "SIGKILL");
    await eventually(async () => expect(await alive(tools)).toEqual([]), { timeoutMs: 15_000 });
  });

  test("ends a server also when nothing of it can be written down", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    await world.setClock(1_000);
    const { identity, endpoint } = await world.start("silent");
    await eventually(async () => expect((await fetch(`${endpoint.url}/global/health`)).status).toBe(401), { timeoutMs: 15_000 });
    const instances = join(world.rootOf("silent"), "instances");
    // As on a full disk, which a test cannot make for root.
    await rename(join(instances, "ins_a"), join(instances, "away"));
    await world.setClock(1_000 + limitS);
    await eventually(async () => expect(await processes.isAlive(identity)).toBe(false), { timeoutMs: 15_000 });
  });

  test("leaves the host able to say how its servers are while no sign of life can be written", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    await world.setClock(1_000);
    const { identity } = await world.start("full");
    // As on a full disk: each write fails.
    const lines = await world.ask("full", `trap '' XFSZ\nulimit -f 0\nocto_pulse ${limitS} 1000`);
    expect(lines.at(-1)).toMatch(new RegExp(`^instance ins_a 1 ${identity.pid} ${identity.bootId} alive `));
  });

  test("takes the signs of another host with the same home for none of its own", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    await world.setClock(1_000);
    const { identity } = await world.start("shared", "alpha");
    // Another machine has another clock, and its servers may need no fence.
    await world.ask("shared", "octo_host=beta\nocto_pulse 0 999");
    await world.setClock(1_000 + limitS - 1);
    await world.ask("shared", `octo_host=beta\nocto_pulse 0 ${1_000 + limitS - 1}`);
    await world.setClock(1_000 + limitS);
    await eventually(async () => expect(await processes.isAlive(identity)).toBe(false), { timeoutMs: 15_000 });
  });

  test("gives its sign also where servers of an older octo look for it", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    await world.setClock(1_000);
    await world.ask("old", "octo_host=alpha\nocto_pulse 60 990");
    expect(existsSync(join(world.rootOf("old"), "heartbeat"))).toBe(false);
    for (const name of ["fence", "heartbeat"]) await writeFile(join(world.rootOf("old"), name), "30\n");
    await world.ask("old", "octo_host=alpha\nocto_pulse 60 1000");
    expect(await readFile(join(world.rootOf("old"), "heartbeat"), "utf8")).toBe("1000\n");
    expect(await readFile(join(world.rootOf("old"), "fence"), "utf8")).toBe("60\n");
  });

  test("is no way round: a keeper whose start was given up meanwhile begins no server", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    const port = await createPortChooser()([], 0);
    const folder = join(world.rootOf("late"), "instances/ins_a");
    const keep = (incarnation: number) =>
      `${world.secrets}\n(eval "$octo_secrets"; octo_keep ins_a ${incarnation} ${port}) >/dev/null 2>&1 &\nsleep 0.1`;
    await world.ask("late", "octo_make $octo_root/instances/ins_a/empty\nocto_stop ins_a 1 0");
    await world.ask("late", keep(1));
    await world.ask("late", keep(2));
    await eventually(async () => expect(await readFile(join(folder, "state"), "utf8")).toContain("incarnation=2\n"), { timeoutMs: 15_000 });
    expect(await processes.findByEnvironment("OCTO_INSTANCE", `${folder}:1`)).toEqual([]);
  });

  test("counts for itself when the clock goes back, and lets servers be without a limit", { timeout: 60_000 }, async () => {
    await using world = await fencedWorld(shell);
    await world.setClock(1_000);
    const [limited, free] = [await world.start("limited"), await world.start("free")];
    await world.ask("free", "octo_pulse 0 1000");
    await writeFile(join(world.rootOf("limited"), "fence."), "3\n");
    await world.setClock(10);
    await eventually(async () => expect(await processes.isAlive(limited.identity)).toBe(false), { timeoutMs: 20_000 });
    await world.setClock(1_000_000);
    expect(await processes.isAlive(free.identity)).toBe(true);
    expect(await world.ask("free", "octo_adopt ins_a 1")).not.toEqual(["none"]);
  });
});

async function alive(identities: readonly { readonly pid: number; readonly startTime: string; readonly bootId: string }[]) {
  const flags = await Promise.all(identities.map((identity) => processes.isAlive(identity)));
  return identities.filter((_, index) => flags[index]);
}
