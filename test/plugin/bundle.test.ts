import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tempFolder } from "../helpers/temp-folder";
import { bundleFile } from "./wezterm";

const root = join(import.meta.dirname, "../..");

test("the committed plugin is what its sources give", { timeout: 120_000 }, async () => {
  await using folder = await tempFolder("octo-b");
  const file = join(folder.path, "init.lua");
  await promisify(execFile)(process.execPath, [join(root, "plugin/build.mjs"), file], { timeout: 110_000 });
  // On a difference: npm run build:plugin, and commit what it wrote.
  expect(readFileSync(file, "utf8") === readFileSync(bundleFile, "utf8")).toBe(true);
});

test("the plugin says the version of package.json", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(readFileSync(join(root, "plugin/version.ts"), "utf8")).toContain(`"${version}"`);
});
