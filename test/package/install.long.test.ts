import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { octoVersion } from "../../bridge/version";
import { expectNoProcessesWith } from "../helpers/census";
import { type TempFolder, tempFolder } from "../helpers/temp-folder";
import { bytesOf, type Installed, installOcto, nodeOf, packOcto } from "./installed";

let folder: TempFolder;
let file: string;

beforeAll(async () => {
  folder = await tempFolder("octo-p");
  file = await packOcto(folder.path);
}, 120_000);
afterAll(async () => folder[Symbol.asyncDispose]());

test("the package is one small file", async () => {
  expect((await stat(file)).size).toBeLessThan(1_500_000);
});

describe.each([20, 22, 24])("on Node %i, installed with npm install --global", (major) => {
  let installed: Installed | undefined;

  beforeAll(async () => {
    const node = await nodeOf(major, folder.path);
    // Said plainly, and the tests below are shown as skipped.
    if (node === undefined) console.log(`Node ${major} is not tested: npm's package of it cannot be had here`);
    else installed = await installOcto(node, file);
  }, 6 * 60_000);
  afterAll(async () => installed?.[Symbol.asyncDispose]());

  test("octo starts, and brings little: its own files and SQLite", async ({ skip }) => {
    if (!installed) return skip();
    expect(await installed.octo(["--version"])).toMatchObject({ exitCode: 0, stdout: octoVersion });
    const { dependencies } = JSON.parse(await readFile(join(installed.package, "package.json"), "utf8"));
    expect(Object.keys(dependencies)).toEqual(["better-sqlite3"]);
    expect(await readFile(join(installed.package, "plugin/init.lua"), "utf8")).toContain("apply_to_config");
    expect(await readFile(join(installed.package, "LICENSE"), "utf8")).toContain("MIT");
    console.log(`Node ${major}: ${Math.round((await bytesOf(installed.package)) / 1e6)} MB installed`);
  });

  test("without OpenCode, doctor and demo say what is missing and how to get it", async ({ skip }) => {
    if (!installed) return skip();
    const doctor = await installed.octo(["doctor"]);
    expect(doctor).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/fail +opencode[^\n]*\n +Install OpenCode/) });
    const demo = await installed.octo(["demo", "--tasks", "1"]);
    expect(`${demo.stdout}${demo.stderr}`).toMatch(/OPENCODE_MISSING[\s\S]*Install OpenCode/);
    expect(demo.exitCode).toBe(1);
  });

  test("with OpenCode, the demo's task becomes a branch, and nothing is left running", async ({ skip }) => {
    if (!installed) return skip();
    // Also the mark of all that it starts: no other process has this PATH.
    const path = `${installed.path}:${join(import.meta.dirname, "../../node_modules/.bin")}`;
    const demo = await installed.octo(["demo", "--tasks", "1", "--instances", "1", "--json"], { PATH: path });
    expect(demo).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(demo.stdout)).toMatchObject({ faults: [], rows: [{ task: { state: "succeeded" } }] });
    await expectNoProcessesWith("PATH", path);
  });
});
