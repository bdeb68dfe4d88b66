import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sampleInstance, samplePermission, sampleTask, taskId } from "../fakes/samples";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

// In the shells themselves: the script is loaded as a user loads it, and Tab is pressed by the shell's own means.

let built: TempFolder;
let program: Octo;

beforeAll(async () => {
  built = await builtOcto();
});
afterAll(async () => built[Symbol.asyncDispose]());
beforeEach(async () => {
  program = await octo(built);
  const [instances, tasks] = [
    [sampleInstance({ name: "oc1" })],
    [sampleTask({ id: taskId("aaa111"), prompt: "mend \u001b[31mthe 'parser" })],
  ];
  program.service.script({
    list_tasks: async () => ({ tasks }),
    list_opencode_servers: async () => ({ instances }),
    list_asks: async () => ({ asks: [samplePermission()] }),
    list_hosts: async () => ({ hosts: [] }),
  });
  await mkdir(join(program.home, "bin"));
  const wrapper = `#!/bin/sh\nexec '${process.execPath}' '${built.path}/dist/octo.js' "$@"\n`;
  await writeFile(join(program.home, "bin/octo"), wrapper, { mode: 0o755 });
  return () => program[Symbol.asyncDispose]();
});

const environment = () => ({
  PATH: `${program.home}/bin:${process.env.PATH}`,
  HOME: program.home,
  XDG_RUNTIME_DIR: program.home,
  XDG_STATE_HOME: `${program.home}/state`,
});

async function shell(...command: readonly [string, ...string[]]): Promise<string> {
  const [file, ...args] = command;
  const { stdout } = await promisify(execFile)(file, args, { env: environment(), timeout: 20_000 });
  return stdout;
}

async function inBash(line: string): Promise<readonly string[]> {
  const words = line.split(" ");
  const script = `eval "$(octo completion bash)"; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
    _octo; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return (await shell("bash", "--norc", "-c", script)).split("\n").filter((word) => word !== "");
}

async function inFish(line: string): Promise<readonly string[]> {
  const script = `octo completion fish | source; complete -C '${line}'`;
  return (await shell("fish", "--no-config", "-c", script))
    .split("\n")
    .map((word) => word.split("\t")[0] ?? "")
    .filter((word) => word !== "");
}

const has = (name: string): boolean => spawnSync(name, ["--version"]).error === undefined;

describe.each([
  ["bash", inBash],
  ["fish", inFish],
] as const)("in %s", (name, complete) => {
  test.skipIf(!has(name))("completes commands, subcommands and options", async () => {
    expect(await complete("octo sub")).toEqual(["submit"]);
    expect(await complete("octo hosts ")).toEqual(expect.arrayContaining(["add", "list", "check", "remove"]));
    expect(await complete("octo config sch")).toEqual(["schema"]);
    expect(await complete("octo run --own")).toEqual(["--own-server"]);
  });

  test.skipIf(!has(name))("completes tasks, instances and asks by their names", async () => {
    expect(await complete("octo show tsk_")).toEqual(["tsk_aaa111"]);
    expect(await complete("octo stop o")).toEqual(["oc1"]);
    expect(await complete("octo logs ")).toEqual(expect.arrayContaining(["oc1", "tsk_aaa111"]));
    expect(await complete("octo run --instance o")).toEqual(["oc1"]);
    expect(await complete("octo allow ")).toContain(samplePermission().id);
  });

  test.skipIf(!has(name))("is silent where no bridge runs, and starts none", async () => {
    await program.stopApi();
    expect(await complete("octo show tsk_")).toEqual([]);
    expect((await program.run(["status"])).code).toBe(3);
  });
});

test.skipIf(!has("fish"))("fish shows what a name means, inert", async () => {
  const text = await shell("fish", "--no-config", "-c", "octo completion fish | source; complete -C 'octo show '");
  expect(text).toMatch(/^tsk_aaa111\t\w+: mend the 'parser$/m);
});

test.skipIf(!has("zsh"))("is understood by zsh", () => {
  const script = 'autoload -U compinit && compinit -u; eval "$(octo completion zsh)"; print -r -- $_comps[octo]';
  expect(execFileSync("zsh", ["-f", "-c", script], { env: environment(), encoding: "utf8", timeout: 20_000 })).toContain("_octo");
});
