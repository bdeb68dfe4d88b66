// `npm run bench`: every benchmark, one after the other; `npm run bench -- NAME… [options]`: only those, with these options.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

const ending = ".bench.ts";
const given = process.argv.slice(2);
const optionsAt = given.findIndex((argument) => argument.startsWith("-"));
const [names, options] = optionsAt === -1 ? [given, []] : [given.slice(0, optionsAt), given.slice(optionsAt)];
const all = (await readdir(import.meta.dirname)).filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
if (names.length === 0 && options.length > 0) throw new Error(`options are for benchmarks that are named: ${all.join(", ")}`);
const unknown = names.find((name) => !all.includes(name));
if (unknown !== undefined) throw new Error(`no benchmark "${unknown}": there are ${all.join(", ")}`);

for (const name of names.length > 0 ? names : all) {
  console.log(`\n=== ${name}`);
  const file = join(import.meta.dirname, `${name}${ending}`);
  const { exitCode } = await execa(process.execPath, ["--expose-gc", "--import", "tsx", file, ...options], {
    stdio: "inherit",
    reject: false,
  });
  if (exitCode !== 0) process.exitCode = 1;
}
