import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { octoVersion } from "../../bridge/version";

const root = join(import.meta.dirname, "../..");

export interface OctoVersion extends AsyncDisposable {
  /** Runs it to its end. */
  run(args: readonly string[], environment: Readonly<Record<string, string>>, cwd: string): Promise<Ran>;
}

export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface VersionWanted {
  readonly version: string;
  /** Default: as it is. */
  readonly protocol?: number;
}

/** Octo and its bridge as `npm run build` makes them, each time under another version. */
export async function builtVersions(wanted: readonly VersionWanted[]): Promise<readonly OctoVersion[]> {
  // Below the root: the bridge finds SQLite in its node_modules.
  await execa("mkdir", ["-p", join(root, ".tmp/test")]);
  const folder = await mkdtemp(join(root, ".tmp/test/version-"));
  const dist = join(folder, "dist");
  await execa(process.execPath, ["build.mjs", dist], { cwd: root, timeout: 60_000 });
  return Promise.all(wanted.map((one) => rewritten(dist, join(folder, one.version), one, folder)));
}

async function rewritten(dist: string, place: string, { version, protocol }: VersionWanted, folder: string): Promise<OctoVersion> {
  await cp(dist, place, { recursive: true });
  let found = 0;
  for (const name of (await readdir(place)).filter((file) => file.endsWith(".js"))) {
    const text = await readFile(join(place, name), "utf8");
    const own = text
      .replace(`var octoVersion = "${octoVersion}"`, `var octoVersion = "${version}"`)
      .replace(/var protocolVersion = \d+/, (was) => (protocol === undefined ? was : `var protocolVersion = ${protocol}`));
    if (own === text) continue;
    found += 1;
    await writeFile(join(place, name), own);
  }
  if (found < 2) throw new Error("the programs do not hold their version where it was looked for");
  return {
    run: async (args, env, cwd) => {
      const options = { cwd, env, extendEnv: false, reject: false, timeout: 60_000, stdin: "ignore" } as const;
      const { exitCode, stdout, stderr } = await execa(process.execPath, [join(place, "octo.js"), ...args], options);
      return { exitCode, stdout, stderr };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
