import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { type Client, createClient } from "../../bridge/cli/client";
import { octoFolders } from "../../bridge/folders";
import { sendSignal } from "../../bridge/send-signal";
import { type BridgeProcess, startBridgeProcess } from "./bridge-process";
import { builtFixture } from "./built-program";
import { expectNoProcessesWith, processesWith } from "./census";
import { endWithUs } from "./end-with-us";
import { fakeOpenCode } from "./fake-opencode-source";
import { type GitGate, gitGate } from "./git-gate";
import type { OpenCodeSource } from "./opencode-source";
import { controlProxy, type ProxyControl } from "./proxy-control";
import { tempFolder } from "./temp-folder";

export interface WorldOptions {
  /** Default: the fake server. */
  readonly openCode?: (folder: string) => Promise<OpenCodeSource>;
  /** A proxy before each OpenCode server, for `proxy()`. */
  readonly proxied?: boolean;
  /** Sections of config.json; `opencode` is added to what the source needs. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>> | readonly unknown[]>>;
  /** Added to the environment of the bridge. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default true. */
  readonly start?: boolean;
  /** The bridge's limit of open files. */
  readonly openFilesMax?: number;
}

/** One user's machine: a home, a repository, the built bridge as a process, and OpenCode behind it. */
export interface OctoWorld extends AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  /** A repository with one commit, an identity of its own and a clean tree. */
  readonly repository: string;
  readonly configFile: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly client: Client;
  readonly openCode: OpenCodeSource;
  /** Holds octo's git commands. */
  readonly gitGate: GitGate;
  readonly bridge: () => BridgeProcess;
  /** Starts a bridge and waits until it answers. */
  startBridge(): Promise<BridgeProcess>;
  /** Config.json with these sections in place of the world's. */
  configure(sections: NonNullable<WorldOptions["config"]>): Promise<void>;
  /** Of the server that listens on this port. */
  proxy(port: number): ProxyControl;
  git(...args: readonly string[]): Promise<string>;
  /** Nothing runs but the bridge itself. */
  expectNoServers(): Promise<void>;
}

const markName = "OCTO_TEST_WORLD";
const downTimeoutMs = 30_000;

export async function octoWorld(options: WorldOptions = {}): Promise<OctoWorld> {
  const temp = await tempFolder("octo-w");
  const folder = temp.path;
  const home = join(folder, "home");
  const repository = join(folder, "repository");
  const binaries = join(folder, "bin");
  for (const each of [home, repository, binaries, join(folder, "run")]) await mkdir(each, { mode: 0o700 });
  const gate = await gitGate(binaries);
  const mark = randomUUID();
  const ended = endWithUs({ mark: `${markName}=${mark}`, folder });
  const environment = {
    PATH: `${binaries}:${process.env.PATH ?? ""}`,
    HOME: home,
    XDG_RUNTIME_DIR: join(folder, "run"),
    GIT_CONFIG_NOSYSTEM: "1",
    [markName]: mark,
    ...options.environment,
  };
  const folders = octoFolders(environment);
  const openCode = await (options.openCode ?? fakeOpenCode)(folder);
  const wrapper = options.proxied ? [process.execPath, await builtFixture("opencode-proxy")] : [];
  const configure: OctoWorld["configure"] = async (sections) => {
    const opencode = { command: [...wrapper, ...openCode.command], env: openCode.environment, loginShell: false, ...sections.opencode };
    await mkdir(dirname(folders.configFile), { recursive: true });
    // The proxy would be waited for like a tool that must end by itself.
    const quick = { stopGraceMs: options.proxied ? 500 : 1_000, ...sections.instances };
    await writeFile(folders.configFile, JSON.stringify({ ...sections, opencode, instances: quick }));
  };
  const git: OctoWorld["git"] = async (...args) =>
    (await execa("git", ["-C", repository, ...args], { env: environment, extendEnv: false })).stdout;
  let bridge: BridgeProcess | undefined;
  const client = createClient(folders.socketFile);
  const startBridge = async (): Promise<BridgeProcess> => {
    await bridge?.kill();
    bridge = await startBridgeProcess({ environment, client, cwd: home, openFilesMax: options.openFilesMax });
    return bridge;
  };

  /** Ends all, and only then says what lived on. */
  const end = async (): Promise<void> => {
    await gate.open();
    try {
      if (bridge?.isAlive()) await client.call("shut_down", { all: true }, { timeoutMs: downTimeoutMs });
      await bridge?.ended;
      await openCode.close();
      await expectNoProcessesWith(markName, mark);
    } finally {
      await bridge?.kill();
      for (const each of await processesWith(markName, mark)) sendSignal(each, "SIGKILL");
      await openCode.close();
      await temp[Symbol.asyncDispose]();
      ended();
    }
  };

  try {
    await configure(options.config ?? {});
    await makeRepository(repository, git);
    if (options.start !== false) await startBridge();
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return {
    ...{
      folder,
      home,
      repository,
      configFile: folders.configFile,
      environment,
      client,
      openCode,
      gitGate: gate,
      startBridge,
      configure,
      git,
    },
    bridge() {
      if (!bridge) throw new Error("no bridge was started");
      return bridge;
    },
    proxy: controlProxy,
    expectNoServers: () => expectNoProcessesWith(markName, mark, { except: bridge?.pid }),
    [Symbol.asyncDispose]: end,
  };
}

async function makeRepository(path: string, git: OctoWorld["git"]): Promise<void> {
  await git("init", "--quiet", "--initial-branch=main");
  await git("config", "user.name", "Ada");
  await git("config", "user.email", "ada@example.org");
  await writeFile(join(path, "a.txt"), "one\n");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=first");
}
