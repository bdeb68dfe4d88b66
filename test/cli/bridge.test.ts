import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import { sampleTask, taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

const foldersOf = ({ home }: Octo) => octoFolders({ HOME: home, XDG_RUNTIME_DIR: home, XDG_STATE_HOME: `${home}/state` });

describe("without a bridge", () => {
  test("status says so with exit code 3, and starts none", async () => {
    await using program = await octo(built, { serve: false });
    expect(await program.run(["status"])).toMatchObject({ code: 3, stdout: expect.stringContaining("not running") });
    expect(JSON.parse((await program.run(["status", "--json"])).stdout)).toEqual({ running: false });
  });

  test.for(["tasks", "asks", "instances", "show x", "cancel x", "down --json"])("octo %s starts none", async (words) => {
    await using program = await octo(built, { serve: false });
    const { code, stdout, stderr } = await program.run(words.split(" "));
    if (words.startsWith("down")) expect(JSON.parse(stdout)).toEqual({ wasRunning: false });
    else expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/BRIDGE_NOT_RUNNING[\s\S]*octo up/) });
  });

  test("up starts one, many at once start one only, and down ends it", async () => {
    await using program = await octo(built, { serve: false });
    try {
      const ups = await Promise.all([1, 2, 3, 4].map(() => program.run(["up", "--json"])));
      const pids = ups.map(({ stdout }) => JSON.parse(stdout).bridge.pid);
      expect(ups.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
      expect(new Set(pids).size).toBe(1);
      expect(JSON.parse((await program.run(["up", "--json"])).stdout)).toMatchObject({ started: false });
    } finally {
      expect(await program.run(["down"])).toMatchObject({ code: 0, stdout: "the bridge is down\n" });
    }
    expect((await program.run(["status"])).code).toBe(3);
  });

  test("submit starts one and says so", async () => {
    await using program = await octo(built, { serve: false });
    try {
      const { code, stdout, stderr } = await program.run(["submit", "x"]);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "tsk_0001\n", stderr: expect.stringContaining("started the bridge") });
    } finally {
      await program.run(["down"]);
    }
  });

  test("a bridge that found another is no failure: that one is waited for, however long it takes to answer", async () => {
    await using program = await octo(built, { serve: false });
    const running = program.start(["up", "--json"], { environment: { FAKE_BRIDGE_YIELDS: "yes" } });
    const log = `${foldersOf(program).state}/bridge.log`;
    await eventually(async () => expect(await readFile(log, "utf8")).toContain("another bridge"), { timeoutMs: 15_000 });
    const yieldedAtMs = performance.now();
    // Longer than a failed start would be given.
    await eventually(() => expect(performance.now() - yieldedAtMs).toBeGreaterThan(1_500));
    await program.startApi();
    expect((await running.ended).code).toBe(0);
  });

  test("one that a hook starts does not bear the hook's mark, by which it would be ended with it", async () => {
    await using program = await octo(built, { serve: false });
    const { stderr } = await program.run(["up"], { environment: { FAKE_BRIDGE_FAILS: "mark:", OCTO_COMMAND: "of-a-hook" } });
    expect(stderr).toContain("mark:");
    expect(stderr).not.toContain("of-a-hook");
  });

  test("a bridge that ends while it starts is told with its log and last words, at once", async () => {
    await using program = await octo(built, { serve: false });
    const startedAtMs = performance.now();
    const { code, stderr } = await program.run(["up"], { environment: { FAKE_BRIDGE_FAILS: "port \u001b[31mmust be a number" } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/BRIDGE_START_FAILED/);
    expect(stderr).toContain(`${foldersOf(program).state}/bridge.log`);
    expect(stderr).toContain("CONFIG_INVALID: port must be a number");
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    expect(await readFile(foldersOf(program).lastWordsFile, "utf8")).toContain("CONFIG_INVALID");
  });
});

describe("with a bridge", () => {
  test("status shows counts, trouble and asks", async () => {
    await using program = await octo(built);
    program.service.setTask(sampleTask({ state: "running" }));
    const { code, stdout } = await program.run(["status"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/running for [\s\S]*1 running, 0 queued[\s\S]*\$0\.42 today/);
  });

  test("a bridge that comes back is followed on", async () => {
    await using program = await octo(built);
    program.service.script({
      distribute_task: async () => {
        program.service.setTask(sampleTask({ id: taskId("1") }));
        return { task: sampleTask({ id: taskId("1") }), notices: [] };
      },
    });
    const running = program.start(["run", "x"]);
    await eventually(() => expect(program.service.listeners()).toBe(2), { timeoutMs: 15_000 });
    await program.stopApi();
    await eventually(() => expect(running.stderr()).toContain("waiting for it"));
    program.service.setTask(sampleTask({ id: taskId("1"), state: "succeeded", endedAtEpochMs: 1 }));
    await program.startApi();
    expect((await running.ended).code).toBe(0);
  });

  test("a command whose connection breaks is sent again as the same command", async () => {
    await using program = await octo(built, { serve: false });
    const bodies: string[] = [];
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (data) => {
        bodies.push(String(data).split("\r\n\r\n")[1] ?? "");
        if (bodies.length < 3) return socket.destroy();
        const body = JSON.stringify({ ok: true, result: { instances: [] } });
        return socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      });
    });
    await using _listening = await listen(server, foldersOf(program).socketFile);
    expect((await program.run(["instances"])).code).toBe(0);
    expect(bodies).toHaveLength(3);
    expect(JSON.parse(bodies[0] ?? "").requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(bodies).size).toBe(1);
  });

  test.for([
    [2, "this octo is older"],
    [0, "the bridge is older"],
  ] as const)("one that speaks protocol %s is refused, saying that %s", async ([protocol, said]) => {
    await using program = await octo(built, { serve: false });
    const body = JSON.stringify({ protocol, bridge: {} });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`));
    });
    await using _listening = await listen(server, foldersOf(program).socketFile);
    const { code, stderr } = await program.run(["submit", "x"]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(said) });
  });
});

describe("doctor", () => {
  test("checks programs, folders, socket, bridge and disk, and passes where all is well", async () => {
    await using program = await octo(built);
    await fakePrograms(program, "1.18.33");
    const { code, stdout } = await program.run(["doctor", "--json"], { environment: { PATH: `${program.home}/bin` } });
    const { checks } = JSON.parse(stdout);
    const names = [
      "node",
      "configuration",
      "environment",
      "opencode",
      "logins",
      "git",
      "curl",
      "ssh",
      "wezterm",
      "state folder",
      "runtime folder",
      "socket",
      "bridge",
      "plugin",
      "orphans",
      "locks",
      "open files",
      "disk space",
      "disk use",
      "clock",
    ];
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(checks.find(({ name }: { name: string }) => name === "opencode")).toMatchObject({
      status: "ok",
      what: expect.stringContaining("1.18.33"),
    });
    expect(checks.find(({ name }: { name: string }) => name === "socket")).toMatchObject({ status: "ok" });
    expect(checks.filter(({ status }: { status: string }) => status === "fail")).toEqual([]);
    expect(code).toBe(0);
  });

  test("fails with the next step where OpenCode is too old or git is missing", async () => {
    await using program = await octo(built, { serve: false });
    await fakePrograms(program, "0.9.1", ["opencode", "curl"]);
    await mkdir(foldersOf(program).config, { recursive: true });
    await writeFile(foldersOf(program).configFile, '{ "opencode": { "colour": 1 } }');
    const { code, stdout } = await program.run(["doctor"], { environment: { PATH: `${program.home}/bin` } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/fail +opencode +OpenCode is 0\.9\.1[^\n]*\n +Update OpenCode/);
    expect(stdout).toMatch(/fail +configuration [^\n]*colour[^\n]*\n +Mend/);
    expect(stdout).toMatch(/fail +git [^\n]*\n +Install git/);
    expect(stdout).toMatch(/warn +bridge +the bridge is not running\n +Start it with `octo up`/);
  });
});

test("what every command loads stays small: neither zod nor execa nor ws", async () => {
  const load = async (file: string, seen: Map<string, number>): Promise<Map<string, number>> => {
    if (seen.has(file)) return seen;
    const text = await readFile(`${built.path}/dist/${file}`, "utf8");
    seen.set(file, text.length);
    for (const [, imported = ""] of text.matchAll(/(?:^|\})\s*(?:import|from) "\.\/([^"]+)";$/gm)) await load(imported, seen);
    return seen;
  };
  const loaded = await load("octo.js", new Map());
  expect(loaded.size).toBeGreaterThan(1);
  expect([...loaded.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(235_000);
});

test("a pipe that is closed early ends it quietly", async () => {
  await using program = await octo(built);
  const text = "x".repeat(60_000);
  for (let number = 0; number < 20; number += 1) program.service.setTask(sampleTask({ id: taskId(`${number}`), text }));
  const command = `"$NODE" "$OCTO" tasks --json | head -c 10; echo " \${PIPESTATUS[0]}"`;
  const environment = { ...process.env, NODE: process.execPath, OCTO: `${built.path}/dist/octo.js`, XDG_RUNTIME_DIR: program.home };
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", command], { env: environment });
  expect({ stdout: stdout.trimEnd().at(-1), stderr }).toEqual({ stdout: "0", stderr: "" });
});

async function fakePrograms({ home }: Octo, version: string, names: readonly string[] = ["opencode", "git", "curl"]): Promise<void> {
  await mkdir(`${home}/bin`);
  for (const name of names) await writeFile(`${home}/bin/${name}`, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
}

async function listen(server: Server, socketPath: string): Promise<AsyncDisposable> {
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}
