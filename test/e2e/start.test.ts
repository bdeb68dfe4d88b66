import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createClient } from "../../bridge/cli/client";
import { octoFolders } from "../../bridge/folders";
import { builtBridge } from "../helpers/built-program";
import { endWithUs } from "../helpers/end-with-us";
import { eventually } from "../helpers/eventually";
import { tempFolder } from "../helpers/temp-folder";

const built = await builtBridge();

interface StartingBridge extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly client: ReturnType<typeof createClient>;
  readonly socketFile: string;
  readonly ended: Promise<number | null>;
}

/** The built bridge at its first answer. */
async function startingBridge(config = "{}"): Promise<StartingBridge> {
  const folder = await tempFolder("octo-s");
  const environment = { PATH: process.env.PATH ?? "", HOME: folder.path, XDG_RUNTIME_DIR: folder.path, XDG_STATE_HOME: folder.path };
  const { configFile, socketFile } = octoFolders(environment);
  await mkdir(dirname(configFile), { recursive: true });
  await writeFile(configFile, config);
  const client = createClient(socketFile);
  const gone = endWithUs({ mark: `HOME=${folder.path}`, folder: folder.path });
  const child = spawn(process.execPath, [built], { env: environment, stdio: "ignore" });
  const ended = once(child, "close").then(() => child.exitCode);
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await folder[Symbol.asyncDispose]();
    gone();
  };
  try {
    await eventually(async () => expect((await client.hello({ anyProtocol: true })).bridge.pid).toBe(child.pid), { intervalMs: 1 });
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return { child, client, socketFile, ended, [Symbol.asyncDispose]: end };
}

test("a call made at the first answer waits for the store, and is answered", async () => {
  await using bridge = await startingBridge();
  expect((await bridge.client.call("get_status", {})).bridge.pid).toBe(bridge.child.pid);
  expect(await bridge.client.hello()).not.toHaveProperty("starting");
});

test("a call made to a bridge that then cannot start is told why, and the bridge ends with 1", async () => {
  await using bridge = await startingBridge("{ no configuration");
  await expect(bridge.client.call("get_status", {})).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  expect(await bridge.ended).toBe(1);
  expect(existsSync(bridge.socketFile)).toBe(false);
});

test("a bridge that is told to end while it starts ends as always, and leaves no socket", async () => {
  await using bridge = await startingBridge();
  bridge.child.kill("SIGTERM");
  expect(await bridge.ended).toBe(0);
  expect(existsSync(bridge.socketFile)).toBe(false);
});

test("the bridge reads two files late, both while it starts: later a new version may be in their place", async () => {
  const reached = async (file: string): Promise<readonly string[]> => {
    const text = await readFile(join(dirname(built), file), "utf8");
    const late = [...text.matchAll(/\bimport\("\.\/([^"]+)"\)/g)].map(([, name = ""]) => name);
    return [...late, ...(await Promise.all(late.map(reached))).flat()];
  };
  const late = await reached("octo-bridge.js");
  expect(late.map((file) => file.replace(/-[A-Z0-9]+\.js$/, ""))).toEqual(["octo-run-bridge", "octo-undici"]);
  expect(await readdir(dirname(built))).toEqual(expect.arrayContaining([...late]));
});
