import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { asInstanceId, launcherIn, launcherWorld, processes, ready } from "./launcher-world";

describe("a launch", () => {
  test("is ready with its version, locked by the password, with its own files", async () => {
    await using world = await launcherWorld();
    const request = await world.request();
    const server = await world.launcher.launch(request);
    expect(await ready(world.launcher, server)).toEqual({ version: "1.18.33" });
    expect(server.endpoint).toEqual({ url: `http://127.0.0.1:${request.port}`, password: request.password });
    const folder = join(world.folder, "instances", "ins_a");
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, "stdout.log"), "utf8")).toContain("listening");
    await world.launcher.stop(server, { graceMs: 2_000 });
    expect(await readFile(join(folder, "stdout.log"), "utf8")).toContain("disposed");
  });

  test("keeps its password out of the arguments and gives mark and database by the environment", async () => {
    await using world = await launcherWorld();
    const request = await world.request({ incarnation: 7 });
    const { identity } = await world.launcher.launch(request);
    const { stdout } = await promisify(execFile)("ps", ["-o", "args=", "-p", String(identity.pid)]);
    expect(stdout).toContain(`serve --hostname 127.0.0.1 --port ${request.port}`);
    expect(stdout).not.toContain(request.password);
    const root = join(world.folder, "instances", "ins_a");
    const expected = { OCTO_INSTANCE: `${root}:7`, OPENCODE_DB: join(root, "opencode.db"), OPENCODE_DISABLE_AUTOUPDATE: "1" };
    for (const [name, value] of Object.entries(expected)) {
      expect(await processes.findByEnvironment(name, value)).toContainEqual(identity);
    }
  });

  test("does not pass on that its bridge was started inside an OpenCode tool", async () => {
    await using world = await launcherWorld();
    const environment = async () => ({ PATH: process.env.PATH ?? "", OCTO_TEST_RUN: world.run, OPENCODE: "1", OPENCODE_PID: "1234567" });
    const { identity } = await launcherIn(world.folder, {}, { environment }).launch(await world.request());
    expect(await processes.findByEnvironment("OCTO_TEST_RUN", world.run)).toEqual([identity]);
    expect(await processes.findByEnvironment("OPENCODE_PID", "1234567")).toEqual([]);
  });

  test("puts the logs of the incarnation before it aside", async () => {
    await using world = await launcherWorld();
    const words = (stderr: string) => world.faulty({ exit: { code: 1, stderr } });
    await (await words("first\n").launch(await world.request())).exited;
    await (await words("second\n").launch(await world.request({ incarnation: 2 }))).exited;
    expect(await world.launcher.lastStderr(asInstanceId("ins_a"), 10)).toBe("second");
    expect(await readFile(join(world.folder, "instances", "ins_a", "stderr.log.old"), "utf8")).toBe("first\n");
  });

  test("removes the locks of dead processes of this machine and no others", async () => {
    await using world = await launcherWorld();
    const locks = join(world.folder, "state", "opencode", "locks");
    const deadPid = 2 ** 30;
    const metas = {
      dead: { pid: deadPid, hostname: hostname() },
      alive: { pid: process.pid, hostname: hostname() },
      foreign: { pid: deadPid, hostname: "elsewhere" },
      odd: {},
    };
    for (const [name, meta] of Object.entries(metas)) {
      await mkdir(join(locks, `${name}.lock`), { recursive: true });
      await writeFile(join(locks, `${name}.lock`, "meta.json"), JSON.stringify(meta));
    }
    await world.launcher.launch(await world.request());
    await expect(stat(join(locks, "dead.lock"))).rejects.toThrow("ENOENT");
    for (const name of ["alive", "foreign", "odd"]) expect((await stat(join(locks, `${name}.lock`))).isDirectory()).toBe(true);
  });

  test("is refused with PORT_TAKEN when somebody listens there", async () => {
    await using world = await launcherWorld();
    const { port, server } = await listen();
    await expect(world.launcher.launch(await world.request({ port }))).rejects.toMatchObject({ code: "PORT_TAKEN" });
    server.close();
  });

  test("is refused with OPENCODE_MISSING when the program is gone", async () => {
    await using world = await launcherWorld();
    const launcher = launcherIn(world.folder, {}, { command: async () => [join(world.folder, "nothing")] });
    await expect(launcher.launch(await world.request())).rejects.toMatchObject({ code: "OPENCODE_MISSING" });
  });

  test("chooses the preferred port if it can be had, else a free one that is not taken", async () => {
    await using world = await launcherWorld();
    const first = await world.launcher.choosePort([], 0);
    expect(first).toBeGreaterThan(1024);
    expect(await world.launcher.choosePort([], first)).toBe(first);
    expect(await world.launcher.choosePort([first], first)).not.toBe(first);
    const { port, server } = await listen();
    expect(await world.launcher.choosePort([], port)).not.toBe(port);
    server.close();
  });
});

describe("waiting for a server", () => {
  test("ends at once with its last words, made inert, when it dies first", async () => {
    await using world = await launcherWorld();
    const stderr = "\u001b[91mError:\u001b[0m no disk\u0007\r\nsecond\u202e line\n";
    const launcher = world.faulty({ exit: { code: 3, stderr } });
    const server = await launcher.launch(await world.request());
    const failure = await ready(launcher, server, 60_000).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: "INSTANCE_EXITED" });
    expect(String(failure)).toContain("with code 3 before it was ready. Its last lines: Error: no disk\nsecond line");
    expect(await server.exited).toEqual({ code: 3, signal: null });
  });

  test("names the broken configuration and shows nothing of its text", async () => {
    await using world = await launcherWorld();
    const dump = '--- JSONC Input ---\n{ "apiKey": "sk-1" \n\n--- Errors ---\nCloseBraceExpected at line 2, column 1\n--- End ---\n';
    const launcher = world.faulty({ exit: { code: 1, stderr: `Error: Config file at /c/opencode.json is not valid JSON(C): \n${dump}` } });
    const server = await launcher.launch(await world.request());
    await expect(ready(launcher, server)).rejects.toMatchObject({
      code: "OPENCODE_CONFIG_BROKEN",
      message: "Config file at /c/opencode.json is not valid JSON(C): CloseBraceExpected at line 2, column 1",
    });
    expect(await launcher.lastStderr(asInstanceId("ins_a"), 100)).not.toContain("sk-1");
  });

  test("says PORT_TAKEN when somebody took the port in between", async () => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ exit: { code: 1, stderr: "Error: Unexpected error\n\nServeError\n" } });
    const request = await world.request();
    const server = await launcher.launch(request);
    const { server: thief } = await listen(request.port);
    await expect(ready(launcher, server)).rejects.toMatchObject({ code: "PORT_TAKEN" });
    thief.close();
  });

  test.each([
    ["1.17.9", "OPENCODE_TOO_OLD"],
    ["2.0.5", "OPENCODE_TOO_NEW"],
  ])("refuses version %s with %s and the range", async (version, code) => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ version });
    const failure = await ready(launcher, await launcher.launch(await world.request())).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).toContain("1.18.0 up to, not including, 2.0.0");
  });

  test("does not take a server that asks no password for ours", async () => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ open: true });
    const server = await launcher.launch(await world.request());
    await expect(ready(launcher, server, 1_500)).rejects.toMatchObject({ code: "INSTANCE_START_TIMEOUT" });
  });

  test("asks again when a request is never answered", async () => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ muteCount: 1 });
    expect(await ready(launcher, await launcher.launch(await world.request()))).toEqual({ version: "1.18.33" });
  });

  test("ends in time when no request is answered, also while memory is collected", async () => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ muteCount: 100 });
    const server = await launcher.launch(await world.request());
    setFlagsFromString("--expose-gc");
    const collect: unknown = runInNewContext("gc");
    const collecting = setInterval(() => typeof collect === "function" && collect(), 20);
    try {
      await expect(ready(launcher, server, 1_000)).rejects.toMatchObject({ code: "INSTANCE_START_TIMEOUT" });
    } finally {
      clearInterval(collecting);
    }
  });

  test("can be cancelled", async () => {
    await using world = await launcherWorld();
    const launcher = world.faulty({ open: true });
    const server = await launcher.launch(await world.request());
    const cancel = new AbortController();
    const waiting = launcher.waitReady(server, { deadlineMs: 60_000, signal: cancel.signal });
    cancel.abort(new Error("not any more"));
    await expect(waiting).rejects.toThrow("not any more");
  });
});

async function listen(port = 0): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, server };
}
