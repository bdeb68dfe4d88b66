import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Api } from "../../bridge/api/api";
import { octoFolders } from "../../bridge/folders";
import { type ScriptedService, scriptedService } from "../fakes/scripted-service";
import { serveApi } from "../helpers/serve-api";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningOcto {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
}

/** The built program, and a home of its own to run in. */
export interface Octo extends AsyncDisposable {
  readonly home: string;
  readonly service: ScriptedService;
  start(args: readonly string[], options?: RunOptions): RunningOcto;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Stops the API that serves `service`. */
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const runTimeoutMs = 30_000;

/** Builds `octo` into a new folder, with a stand-in for the bridge beside it. Once a test file. */
export async function builtOcto(): Promise<TempFolder> {
  const folder = await tempFolder("octo-built");
  const built = await ended(spawn(process.execPath, ["build.mjs", `${folder.path}/dist`, "octo"], { cwd: root }));
  if (built.code !== 0) throw new Error(`the build failed: ${built.stderr}`);
  await build({
    entryPoints: { "octo-bridge": `${root}/test/fixtures/fake-bridge.ts` },
    outdir: `${folder.path}/dist`,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: 'import { createRequire as octoRequire } from "node:module"; const require = octoRequire(import.meta.url);' },
  });
  // Node takes a .js file for an ES module only where a package.json says so.
  await ended(spawn(process.execPath, ["-e", `fs.writeFileSync("package.json", '{"type":"module"}')`], { cwd: folder.path }));
  return folder;
}

/** A home with an API over a scripted service (`serve: false`: without one). */
export async function octo(built: TempFolder, options: { readonly serve?: boolean } = {}): Promise<Octo> {
  const folder = await tempFolder();
  const environment = {
    PATH: process.env.PATH ?? "",
    HOME: folder.path,
    XDG_RUNTIME_DIR: folder.path,
    XDG_STATE_HOME: `${folder.path}/state`,
  };
  const folders = octoFolders(environment);
  await mkdir(folders.runtime, { mode: 0o700 });
  const service = scriptedService();
  let api: Api | undefined;
  const serve = async (): Promise<void> => {
    api = await serveApi({ service, socketPath: folders.socketFile, stopGraceMs: 200 });
  };
  if (options.serve !== false) await serve();
  const children = new Set<ChildProcess>();
  const start = (args: readonly string[], { stdin, environment: more = {} }: RunOptions = {}): RunningOcto => {
    const child = spawn(process.execPath, [`${built.path}/dist/octo.js`, ...args], { cwd: folder.path, env: { ...environment, ...more } });
    children.add(child);
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
    return watchChild(child);
  };
  return {
    home: folder.path,
    service,
    start,
    run: (args, runOptions) => start(args, runOptions).ended,
    stopApi: async () => api?.stop(),
    startApi: serve,
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
      await api?.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function ended(child: ChildProcess): Promise<Ended> {
  return watchChild(child).ended;
}

function watchChild(child: ChildProcess): RunningOcto {
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk) => {
    texts.stdout += String(chunk);
  });
  child.stderr?.on("data", (chunk) => {
    texts.stderr += String(chunk);
  });
  const deadline = setTimeout(() => child.kill("SIGKILL"), runTimeoutMs);
  const end = new Promise<Ended>((resolve) => {
    child.once("close", (code) => {
      clearTimeout(deadline);
      resolve({ code, ...texts });
    });
  });
  return { child, ended: end, stdout: () => texts.stdout, stderr: () => texts.stderr };
}
