import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { octoFolders } from "../../bridge/folders";
import { expectGone } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

let built: TempFolder;

beforeAll(async () => {
  built = await builtOcto();
});
afterAll(async () => built[Symbol.asyncDispose]());

interface Shown {
  readonly name: string;
  readonly status: string;
  readonly what: string;
  readonly next?: string;
  readonly fixed?: string;
}

const foldersOf = ({ home }: Octo) => octoFolders({ HOME: home, XDG_RUNTIME_DIR: home, XDG_STATE_HOME: `${home}/state` });

async function checked(program: Octo, name: string, ...options: readonly string[]): Promise<Shown | undefined> {
  const { stdout } = await program.run(["doctor", "--json", ...options]);
  const { checks }: { readonly checks: readonly Shown[] } = JSON.parse(stdout);
  return checks.find((check) => check.name === name);
}

test("--fix takes others' rights from octo's folders, and nothing is changed without it", async () => {
  await using program = await octo(built, { serve: false });
  const { state } = foldersOf(program);
  await mkdir(state, { recursive: true });
  await chmod(state, 0o755);
  expect(await checked(program, "state folder")).toMatchObject({ status: "warn", next: expect.stringContaining("chmod 700") });
  expect((await stat(state)).mode & 0o777).toBe(0o755);
  expect(await checked(program, "state folder", "--fix")).toMatchObject({ status: "ok", fixed: "yes" });
  expect((await stat(state)).mode & 0o777).toBe(0o700);
});

test("--fix removes the socket of a bridge that died, and leaves one that lives alone", async () => {
  await using living = await octo(built);
  expect(await checked(living, "socket", "--fix")).toMatchObject({ status: "ok" });
  expect((await stat(foldersOf(living).socketFile)).isSocket()).toBe(true);

  await using program = await octo(built, { serve: false });
  const { socketFile } = foldersOf(program);
  const program2 = `require("net").createServer().listen(${JSON.stringify(socketFile)}, () => { require("fs").chmodSync(${JSON.stringify(socketFile)}, 0o600); process.kill(process.pid, "SIGKILL") })`;
  spawn(process.execPath, ["-e", program2]);
  await eventually(async () => expect((await stat(socketFile)).isSocket()).toBe(true), { timeoutMs: 10_000 });
  expect(await checked(program, "socket")).toMatchObject({ status: "warn", what: expect.stringContaining("died") });
  expect(await checked(program, "socket", "--fix")).toMatchObject({ status: "ok", fixed: "yes" });
  await expect(stat(socketFile)).rejects.toThrow("ENOENT");
});

test("--fix removes the locks of dead OpenCode processes only", async () => {
  await using program = await octo(built, { serve: false });
  const locks = join(program.home, "state/opencode/locks");
  const lock = async (name: string, pid: number): Promise<void> => {
    await mkdir(join(locks, name), { recursive: true });
    await writeFile(join(locks, name, "meta.json"), JSON.stringify({ pid, hostname: hostname() }));
  };
  await lock("living.lock", process.pid);
  // Above the kernel's own limit of process ids.
  await lock("dead.lock", 2 ** 30);
  expect(await checked(program, "locks")).toMatchObject({ status: "warn", what: expect.stringContaining("1 lock ") });
  expect(await checked(program, "locks", "--fix")).toMatchObject({ status: "ok", fixed: "yes" });
  expect(await readdir(locks)).toEqual(["living.lock"]);
});

test("--fix ends servers that no bridge owns, by octo's mark in their environment, and no others", async () => {
  await using program = await octo(built);
  const instances = join(foldersOf(program).state, "instances");
  await mkdir(join(instances, "ins_gone"), { recursive: true });
  const started = (database: string) =>
    spawn("sleep", ["60"], { env: { PATH: process.env.PATH, OPENCODE_DB: database }, stdio: "ignore", detached: true });
  const orphan = started(join(instances, "ins_gone/opencode.db"));
  const foreign = started(join(program.home, "opencode.db"));
  try {
    const found = await checked(program, "orphans");
    expect(found).toMatchObject({ status: "warn", what: expect.stringContaining(String(orphan.pid)) });
    expect(found?.what).not.toContain(String(foreign.pid));
    expect(await checked(program, "orphans", "--fix")).toMatchObject({ status: "ok", fixed: "yes" });
    await expectGone([orphan.pid ?? 0]);
    expect(foreign.exitCode ?? foreign.signalCode).toBe(null);
  } finally {
    orphan.kill("SIGKILL");
    foreign.kill("SIGKILL");
  }
});

test("servers are left alone while no bridge can say which are its own", async () => {
  await using program = await octo(built, { serve: false });
  expect(await checked(program, "orphans")).toMatchObject({ status: "ok", what: expect.stringContaining("not looked at") });
});

test("names logins, never what they hold, and warns where there is none", async () => {
  await using program = await octo(built, { serve: false });
  expect(await checked(program, "logins")).toMatchObject({ status: "warn", next: expect.stringContaining("opencode auth login") });
  const folder = join(program.home, ".local/share/opencode");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "auth.json"), JSON.stringify({ anthropic: { type: "api", key: "sk-planted" } }));
  const { stdout } = await program.run(["doctor"], { environment: { OPENAI_API_KEY: "sk-planted" } });
  expect(stdout).toMatch(/ok +logins +OpenCode can use anthropic, OPENAI_API_KEY/);
  expect(stdout).not.toContain("sk-planted");
});

test("tells of a configuration that the bridge has not read, or that others may read with its secrets", async () => {
  await using program = await octo(built);
  const { configFile, config } = foldersOf(program);
  await mkdir(config, { recursive: true });
  await writeFile(configFile, "{}", { mode: 0o600 });
  await utimes(configFile, new Date(), new Date(Date.now() + 60_000));
  expect(await checked(program, "configuration")).toMatchObject({ status: "warn", what: expect.stringContaining("changed after") });
  await writeFile(configFile, '{ "opencode": { "env": { "KEY": "sk" } } }');
  await chmod(configFile, 0o644);
  expect(await checked(program, "configuration")).toMatchObject({ status: "warn", next: expect.stringContaining("chmod 600") });
});

test("looks at what instances really get: no login shell where it is off, and keys of the configuration", async () => {
  await using program = await octo(built, { serve: false });
  const { configFile, config } = foldersOf(program);
  await mkdir(config, { recursive: true });
  const opencode = { loginShell: false, env: { GROQ_API_KEY: "sk-planted" } };
  await writeFile(configFile, JSON.stringify({ opencode }), { mode: 0o600 });
  expect(await checked(program, "environment")).toMatchObject({ status: "ok", what: expect.stringContaining("loginShell is off") });
  expect(await checked(program, "logins")).toMatchObject({ status: "ok", what: "OpenCode can use GROQ_API_KEY" });
});

test("finds keys in opencode.envFile, and says of the configuration that the file cannot be read", async () => {
  await using program = await octo(built, { serve: false });
  const { configFile, config } = foldersOf(program);
  await mkdir(config, { recursive: true });
  await writeFile(configFile, JSON.stringify({ opencode: { loginShell: false, envFile: "~/keys.env" } }), { mode: 0o600 });
  expect(await checked(program, "configuration")).toMatchObject({
    status: "fail",
    what: expect.stringContaining("keys.env cannot be read"),
  });
  expect(await checked(program, "logins")).toMatchObject({ status: "warn" });
  await writeFile(join(program.home, "keys.env"), "MISTRAL_API_KEY=sk-planted\n", { mode: 0o600 });
  expect(await checked(program, "configuration")).toMatchObject({ status: "ok" });
  expect(await checked(program, "logins")).toMatchObject({ status: "ok", what: "OpenCode can use MISTRAL_API_KEY" });
});
