import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createProcesses } from "../../../bridge/adapters/process/create-processes";
import { quote } from "../../../bridge/adapters/ssh/remote-program";
import { eventually } from "../../helpers/eventually";
import { endAll } from "../../helpers/sshd";
import { tempFolder } from "../../helpers/temp-folder";
import { runLocally } from "./local-shell";

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

test.concurrent.each(shells)(
  "a login shell that hangs is ended, with what it waits for, in %s",
  { timeout: 60_000 },
  async (shell, ...rest) => {
    const temp = await tempFolder("octo-login");
    const run = { path: temp.path, [Symbol.asyncDispose]: () => endAll(temp.path, temp) };
    await using _ = run;
    // An interactive bash takes no SIGTERM.
    await writeFile(join(run.path, ".bash_profile"), "sleep 300\n");
    const environment = { HOME: run.path, OCTO_TEST_RUN: run.path, SHELL: "/bin/bash" };
    await runLocally({ shell: [shell, ...rest], environment, owner: "hangs", script: "octo_login_environment" });
    const processes = createProcesses(process.platform);
    await eventually(async () => expect(await processes.findByEnvironment("OCTO_TEST_RUN", run.path)).toEqual([]));
  },
);
