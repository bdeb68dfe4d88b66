import { spawn } from "node:child_process";
import { chmod, mkdir, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Client } from "../../bridge/cli/client";
import type { CheckContext, Finding } from "../../bridge/cli/doctor/check";
import { socketCheck, stateFolderCheck } from "../../bridge/cli/doctor/places";
import { orphansCheck } from "../../bridge/cli/doctor/servers";
import { octoFolders } from "../../bridge/folders";
import { OctoError } from "../../bridge/octo-error";
import { eventually } from "../helpers/eventually";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

// Between what `octo doctor` saw and what --fix does, other checks may take half a minute.

let folder: TempFolder;
let environment: Readonly<Record<string, string>>;

beforeEach(async () => {
  folder = await tempFolder();
  environment = { HOME: folder.path, XDG_RUNTIME_DIR: folder.path };
  const { runtime, state } = octoFolders(environment);
  for (const path of [runtime, state]) await mkdir(path, { recursive: true, mode: 0o700 });
});
afterEach(async () => folder[Symbol.asyncDispose]());

function contextWith(call: () => Promise<unknown>): CheckContext {
  const refuse = (): Promise<never> => Promise.reject(new OctoError("BRIDGE_NOT_RUNNING", "nobody is there"));
  const folders = octoFolders(environment);
  const client: Client = {
    socketPath: folders.socketFile,
    hello: refuse,
    metrics: refuse,
    call: async () => JSON.parse(JSON.stringify(await call())),
  };
  return { environment, folders, client };
}

async function fix(finding: Finding): Promise<void> {
  expect(finding).toMatchObject({ status: "warn", fix: expect.any(Function) });
  if (finding.status !== "ok") await finding.fix?.();
}

test("--fix leaves a socket alone behind which a bridge has come up since", async () => {
  const context = contextWith(async () => ({}));
  const { socketFile } = context.folders;
  const dying = `process.umask(0o177); require("net").createServer().listen(${JSON.stringify(socketFile)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawn(process.execPath, ["-e", dying]);
  await eventually(async () => expect((await stat(socketFile)).isSocket()).toBe(true), { timeoutMs: 10_000 });
  await eventually(async () => expect((await socketCheck.run(context)).status).toBe("warn"), { timeoutMs: 10_000 });
  const finding = await socketCheck.run(context);
  const server = await listenInPlaceOf(socketFile);
  try {
    await fix(finding);
    expect((await stat(socketFile)).isSocket()).toBe(true);
  } finally {
    server.close();
  }
});

async function listenInPlaceOf(socketFile: string): Promise<Server> {
  await rm(socketFile);
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(socketFile, resolve));
  return server;
}

test("--fix ends no server that the bridge has come to own since", async () => {
  const known: { id: string }[] = [];
  const context = contextWith(async () => ({ instances: [...known] }));
  const instance = join(context.folders.state, "instances", "ins_new");
  await mkdir(instance, { recursive: true });
  const server = spawn("sleep", ["60"], { env: { PATH: process.env.PATH, OPENCODE_DB: join(instance, "opencode.db") }, stdio: "ignore" });
  try {
    const finding = await orphansCheck.run(context);
    known.push({ id: "ins_new" });
    await fix(finding);
    expect(server.exitCode ?? server.signalCode).toBe(null);
  } finally {
    server.kill("SIGKILL");
  }
});

test("asks the bridge for its instances after it has looked for their folders", async () => {
  const context = contextWith(async () => {
    // Started between the two looks.
    await mkdir(join(context.folders.state, "instances", "ins_late"), { recursive: true });
    return { instances: [] };
  });
  const database = join(context.folders.state, "instances", "ins_late", "opencode.db");
  const server = spawn("sleep", ["60"], { env: { PATH: process.env.PATH, OPENCODE_DB: database }, stdio: "ignore" });
  try {
    expect(await orphansCheck.run(context)).toMatchObject({ status: "ok" });
  } finally {
    server.kill("SIGKILL");
  }
});

test("--fix closes no folder into which others could write: what is in it may be theirs", async () => {
  const context = contextWith(async () => ({}));
  await chmod(context.folders.state, 0o777);
  const finding = await stateFolderCheck.run(context);
  expect(finding).toMatchObject({ status: "fail", what: expect.stringContaining("others can write") });
  expect(finding).not.toHaveProperty("fix", expect.any(Function));
});
