import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProjectFile, root } from "../architecture/sources";
import { shellBlocks } from "../docs/shell-blocks";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { oneAsk, submit, until } from "./tasks";

// Every block of commands in the README is run as it stands, in a repository, on a bridge with a stand-in for OpenCode. What a reader puts in
// (TASK, BRANCH, ASK) is put in; a block that cannot be run says why in the README.

const blocks = shellBlocks(readProjectFile("README.md"));
const dist = join(root, `.tmp/test/readme-${process.pid}`);
let world: OctoWorld;

beforeAll(async () => {
  await execa(process.execPath, ["build.mjs", dist], { cwd: root, timeout: 60_000 });
  world = await octoWorld();
  const octo = `#!/bin/sh\nexec '${process.execPath}' '${dist}/octo.js' "$@"\n`;
  await writeFile(join(world.folder, "bin/octo"), octo, { mode: 0o755 });
  await writeFile(join(world.repository, "prompts.txt"), "[[say:one]]\n[[say:two]]\n");
  await world.git("add", "prompts.txt");
  await world.git("commit", "--quiet", "--message=prompts");
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await rm(dist, { recursive: true, force: true });
});

for (const { line, notRun } of blocks) if (notRun !== undefined) console.log(`README.md:${line} is not run: ${notRun}`);

test("most blocks of commands in the README are run", () => {
  expect(blocks.filter(({ notRun }) => notRun === undefined).length).toBeGreaterThan(blocks.length / 2);
});

describe.each(blocks.filter(({ notRun }) => notRun === undefined))("README.md:$line", ({ commands }) => {
  test.each(commands.filter((command) => !/^\s*(#|$)/.test(command)))("%s", { timeout: 60_000 }, async (command) => {
    const { code, output } = await run(await filledIn(command));
    expect(output).not.toMatch(/\b(INTERNAL|REQUEST_INVALID|unknown (command|option))\b/);
    expect(code, output).toBe(0);
  });
});

/** With a task, a branch or an ask of its own for each, so that no command needs the one before it. */
async function filledIn(command: string): Promise<string> {
  if (/\bASK\b/.test(command)) {
    const prompt = command.startsWith("octo answer") ? "[[question:Which?|A|B]] [[say:done]]" : "[[ask:echo hello]] [[say:done]]";
    const ask = await oneAsk(world, await submit(world, prompt));
    return command.replace(/\bASK\b/, ask.id);
  }
  if (!/\b(TASK|BRANCH)\b/.test(command)) return command;
  const file = `made-${Math.random().toString(36).slice(2)}.txt`;
  const task = await submit(world, `[[ensure:${file}|made by a task]] [[say:done]]`);
  const { id, branch } = await until(world, task, ({ state }) => expect(state).toBe("succeeded"));
  return command.replace(/\bTASK\b/, id).replace(/\bBRANCH\b/, branch?.branch ?? "no branch");
}

/** By bash, as a reader's terminal would; the model keys that doctor looks for are made up. */
function run(command: string): Promise<{ readonly code: number; readonly output: string }> {
  const env = { ...world.environment, EDITOR: "true", SHELL: "/bin/sh", STAND_IN_API_KEY: "none" };
  return new Promise((resolve) => {
    const options = { cwd: world.repository, env, timeout: 50_000, killSignal: "SIGKILL" } as const;
    const child = execFile("bash", ["--norc", "-c", command], options, (failure, stdout, stderr) => {
      resolve({ code: typeof failure?.code === "number" ? failure.code : failure ? -1 : 0, output: `${stdout}${stderr}` });
    });
    child.stdin?.end();
  });
}
