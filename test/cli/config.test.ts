import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TempFolder } from "../helpers/temp-folder";
import { builtOcto, octo } from "./octo";

let built: TempFolder;

beforeAll(async () => {
  built = await builtOcto();
});
afterAll(async () => built[Symbol.asyncDispose]());

async function configured(text: string) {
  const program = await octo(built, { serve: false });
  const folder = join(program.home, ".config", "octo");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), text);
  return program;
}

test("octo config check tells all faults with line and next step, and ends with 1", async () => {
  await using program = await configured('{ "tusks": {},\n "tasks": { "keepDays": 0 } }');
  const { code, stdout } = await program.run(["config", "check"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /config\.json:1: tusks[^\n]*did you mean tasks\?\n.*config\.json:2: tasks\.keepDays is 0[^\n]*\n2 faults \(CONFIG_INVALID\)\. Mend/,
  );
  const json = JSON.parse((await program.run(["config", "check", "--json"])).stdout);
  expect(json.faults).toMatchObject([
    { code: "CONFIG_INVALID", field: "tusks", line: 1 },
    { field: "tasks.keepDays", line: 2, next: expect.stringContaining("Mend") },
  ]);
});

test("octo config check says that all is well, and checks another file when it is named", async () => {
  await using program = await configured("{}");
  expect(await program.run(["config", "check"])).toMatchObject({ code: 0, stdout: expect.stringContaining("ok") });
  await writeFile(join(program.home, "other.json"), "[");
  expect(await program.run(["config", "check", "other.json"])).toMatchObject({ code: 1, stdout: expect.stringContaining("other.json:1") });
  expect(await program.run(["config", "check", "nothing.json"])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("nothing.json"),
  });
});

test("octo config show gives what counts, and no secret", async () => {
  await using program = await configured('{ "opencode": { "env": { "KEY": "sk-planted" } }, "tasks": { "keepDays": 7 } }');
  const { code, stdout } = await program.run(["config", "show"]);
  expect({ code, secret: stdout.includes("sk-planted") }).toEqual({ code: 0, secret: false });
  expect(stdout).toMatch(/tasks\.keepDays = 7 {2}\(default 30\)/);
  expect(stdout).toContain('opencode.env = {"KEY":"(secret)"}');
  const json = await program.run(["config", "show", "--json"]);
  expect(json.stdout).not.toContain("sk-planted");
  expect(JSON.parse(json.stdout)).toMatchObject({ config: { tasks: { keepDays: 7, attemptsMax: 3 } } });
});

test("octo config schema prints a JSON Schema", async () => {
  await using program = await octo(built, { serve: false });
  const { code, stdout } = await program.run(["config", "schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining("2020-12"), properties: { tasks: {} } });
});
