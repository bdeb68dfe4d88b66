import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { quote } from "../../../bridge/adapters/ssh/remote-program";
import { tempFolder } from "../../helpers/temp-folder";

const run = promisify(execFile);
const folder = join(import.meta.dirname, "../../../bridge/adapters/ssh/remote");
const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"], ["zsh", "--emulate", "sh"]].filter(([name = ""]) =>
  (process.env.PATH ?? "").split(":").some((place) => existsSync(join(place, name))),
);

async function program(): Promise<string> {
  const names = (await readdir(folder)).sort();
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
}

test("no two functions of the remote program have one name", async () => {
  const names = [...(await program()).matchAll(/^(\w+)\(\) \{/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.each(shells)("the remote program is read by %s", async (shell, ...rest) => {
  await using temp = await tempFolder();
  await writeFile(join(temp.path, "program.sh"), await program());
  await run(shell, [...rest, "-n", join(temp.path, "program.sh")]);
});

test.each(shells)("a quoted text is one word of %s, whatever is in it", async (shell, ...rest) => {
  const text = `it's "a" $HOME \`date\` \\ * ? ~ ! # ; & | < > (x) {y} [z]\ttab\nline`;
  const { stdout } = await run(shell, [...rest, "-c", `printf '%s' ${quote(text)}`]);
  expect(stdout).toBe(text);
});
