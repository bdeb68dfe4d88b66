import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { tempFolder } from "../../helpers/temp-folder";

const exhausted = `
import { openSync } from "node:fs";
import { procProcesses } from "./bridge/adapters/process/proc-processes";
const processes = procProcesses();
const parent = await processes.identify(process.ppid);
try {
  for (;;) openSync("/dev/null", "r");
} catch {}
console.log(await processes.isAlive(parent).catch((thrown) => thrown.code));
`;

const looking = `
import { procProcesses } from "./bridge/adapters/process/proc-processes";
const found = await procProcesses().findByEnvironment("OCTO_TEST_MANY", "yes");
console.log(found.length >= 50);
`;

/** What the program prints in a process that may have 64 files open; `before` is run by the same shell. */
async function printed(contents: string, before = ""): Promise<string> {
  await using folder = await tempFolder();
  const outfile = join(folder.path, "program.mjs");
  const stdin = { contents, resolveDir: process.cwd(), loader: "ts" } as const;
  // As build.mjs does, for packages that are CommonJS.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ banner, stdin, outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  const script = `ulimit -n 64; pids=; ${before} "$0" "$1"; [ -z "$pids" ] || kill $pids; exit 0`;
  const { stdout } = await promisify(execFile)("sh", ["-c", script, process.execPath, outfile], {
    timeout: 20_000,
    env: { ...process.env, OCTO_TEST_MANY: "yes" },
  });
  return stdout.trim();
}

test.skipIf(process.platform !== "linux")("takes no process for dead because it cannot open another file itself", async () => {
  expect(await printed(exhausted)).toBe("PROCESS_TABLE_UNREADABLE");
});

test.skipIf(process.platform !== "linux")("looks through more processes than it may have files open", async () => {
  const many = 'i=0; while [ $i -lt 50 ]; do sleep 30 >/dev/null 2>&1 & pids="$pids $!"; i=$((i+1)); done;';
  expect(await printed(looking, many)).toBe("true");
});
