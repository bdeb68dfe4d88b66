import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");
/** Not below dist/, which a build replaces. */
const folder = join(root, ".tmp/test");
const buildTimeoutMs = 60_000;
const built = new Map<string, Promise<string>>();

/** The bridge as `npm run build` makes it; built once a test worker. */
export function builtBridge(): Promise<string> {
  return once("octo-bridge.js", async (own) => {
    await promisify(execFile)(process.execPath, [join(root, "build.mjs"), own, "octo-bridge"], { cwd: root, timeout: buildTimeoutMs });
  });
}

/** A program of test/fixtures that runs without tsx, which would cost 0.4 s at each start. */
export function builtFixture(name: string): Promise<string> {
  return once(`${name}.mjs`, async (own) => {
    await build({
      entryPoints: [join(root, `test/fixtures/${name}.ts`)],
      outfile: join(own, `${name}.mjs`),
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      // As in build.mjs.
      mainFields: ["module", "main"],
      external: ["better-sqlite3"],
      banner: { js: 'import { createRequire as octoRequire } from "node:module"; const require = octoRequire(import.meta.url);' },
    });
  });
}

/** Test workers build at the same time: each into a folder of its own, from which the file is renamed. */
function once(file: string, make: (ownFolder: string) => Promise<void>): Promise<string> {
  const known = built.get(file);
  if (known !== undefined) return known;
  const making = (async () => {
    const own = join(folder, `${file}.${process.pid}`);
    await mkdir(own, { recursive: true });
    await make(own);
    // Last the program itself: what it loads, under names by content, is there then.
    const parts = (await readdir(own)).filter((part) => part !== file);
    for (const part of [...parts, file]) await rename(join(own, part), join(folder, part));
    await rm(own, { recursive: true });
    return join(folder, file);
  })();
  built.set(file, making);
  return making;
}
