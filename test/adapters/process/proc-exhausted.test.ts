import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { tempFolder } from "../../helpers/temp-folder";

const program = `
import { openSync } from "node:fs";
import { procProcesses } from "./bridge/adapters/process/proc-processes";
const processes = procProcesses();
const parent = await processes.identify(process.ppid);
try {
  for (;;) openSync("/dev/null", "r");
} catch {}
console.log(await processes.isAlive(parent).catch((thrown) => thrown.code));
`;

test.skipIf(process.platform !== "linux")("takes no process for dead because it cannot open another file itself", async () => {
  await using folder = await tempFolder();
  const outfile = join(folder.path, "exhausted.mjs");
  const stdin = { contents: program, resolveDir: process.cwd(), loader: "ts" } as const;
  // As build.mjs does, for packages that are CommonJS.
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  await build({ banner, stdin, outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  const { stdout } = await promisify(execFile)("sh", ["-c", 'ulimit -n 64; "$0" "$1"; exit', process.execPath, outfile], {
    timeout: 20_000,
  });
  expect(stdout.trim()).toBe("PROCESS_TABLE_UNREADABLE");
});
