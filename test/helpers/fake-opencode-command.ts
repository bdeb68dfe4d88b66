import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");
let built: Promise<readonly [string, string]> | undefined;

/**
 * The command of the fake OpenCode server, as `opencode` would be given: add `serve --hostname 127.0.0.1 --port N`.
 * Bundled once a run (starting tsx would cost 0.4 s each time); its options are told in test/fakes/opencode-server/options.ts.
 */
export function fakeOpenCodeCommand(): Promise<readonly [string, string]> {
  built ??= bundle();
  return built;
}

async function bundle(): Promise<readonly [string, string]> {
  const folder = join(root, ".tmp/test");
  const file = join(folder, "fake-opencode.mjs");
  // Not below dist/, which a build replaces. Test workers build at the same time: each writes a file of its own and renames it.
  const own = join(folder, `fake-opencode.${process.pid}.tmp`);
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(root, "test/fakes/opencode-server/main.ts")],
    outfile: own,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
  });
  await rename(own, file);
  return [process.execPath, file];
}
