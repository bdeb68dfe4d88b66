import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linesAfter } from "../../bridge/cli/follow-log";
import { octoFolders } from "../../bridge/folders";
import { LogFile } from "../../bridge/log-file";
import { sampleInstance } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, type Octo, octo } from "./octo";

let built: TempFolder;
beforeAll(async () => {
  built = await builtOcto();
});
afterAll(() => built[Symbol.asyncDispose]());

/** The log of a home, as its bridge writes it. */
function logOf({ home }: Octo): LogFile {
  const path = octoFolders({ HOME: home, XDG_RUNTIME_DIR: home, XDG_STATE_HOME: `${home}/state` }).logFile;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const log = new LogFile(path);
  log.limit({ bytesMax: 500, filesMax: 20 });
  return log;
}

const line = (index: number): string => `line ${index}\n`;
const lines = (from: number, to: number): readonly string[] => Array.from({ length: to - from }, (_, index) => line(from + index));

test("octo logs bridge shows the last lines, also of older files, without a bridge, and nothing that a terminal obeys", async () => {
  await using program = await octo(built, { serve: false });
  expect(await program.run(["logs", "bridge"])).toEqual({ code: 0, stdout: "", stderr: "" });
  const log = logOf(program);
  for (const each of lines(0, 200)) log.write(each);
  log.write("a \u001b[31mred line\n");
  log.close();
  expect((await program.run(["logs", "bridge", "-n", "150"])).stdout).toBe(`${lines(51, 200).join("")}a red line\n`);
  expect(JSON.parse((await program.run(["logs", "bridge", "-n", "2", "--json"])).stdout).text).toMatch(/^line 199\na /);
});

test("octo logs bridge --follow goes on through rotations, shows each line once, and ends by Ctrl-C", async () => {
  await using program = await octo(built, { serve: false });
  const log = logOf(program);
  log.write(line(0));
  const running = program.start(["logs", "bridge", "--follow"]);
  await eventually(() => expect(running.stdout()).toBe(line(0)), { timeoutMs: 15_000 });
  for (const each of lines(1, 300)) log.write(each);
  await eventually(() => expect(running.stdout()).toBe(lines(0, 300).join("")));
  for (const each of lines(300, 600)) log.write(each);
  await eventually(() => expect(running.stdout()).toBe(lines(0, 600).join("")));
  log.close();
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130, stderr: "" });
});

test("octo logs INSTANCE --follow shows what is new, also after its log was begun anew", async () => {
  await using program = await octo(built);
  program.service.setInstance(sampleInstance());
  let said = ["one", "two", "three"];
  program.service.script({ instance_log: async () => ({ text: said.join("\n") }) });
  const running = program.start(["logs", "local-1", "--follow", "-n", "2"]);
  await eventually(() => expect(running.stdout()).toBe("two\nthree\n"), { timeoutMs: 15_000 });
  said = ["two", "three", "four"];
  await eventually(() => expect(running.stdout()).toBe("two\nthree\nfour\n"));
  said = ["anew"];
  await eventually(() => expect(running.stdout()).toBe("two\nthree\nfour\nanew\n"));
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
});

test.for([
  [[], ["a"], ["a"]],
  [["a", "b"], ["a", "b"], []],
  [["a", "b", "c"], ["b", "c", "d"], ["d"]],
  [["a", "a"], ["a", "a", "a"], ["a"]],
  [["a", "b"], ["c"], ["c"]],
  [["a", "b"], [], []],
] as const)("of the looks %j and %j the second has %j more", ([seen, now, more]) => {
  expect(linesAfter(seen, now)).toEqual(more);
});
