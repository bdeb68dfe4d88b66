import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lastLines, limitLog } from "../../../bridge/adapters/opencode/launcher-logs";
import { tempFolder } from "../../helpers/temp-folder";

describe("the last lines of a log", () => {
  test("are as many as asked for, without empty ones, and none without a log", async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "stderr.log");
    expect(await lastLines(file, 5)).toBe("");
    await writeFile(file, "one\n\ntwo\nthree\n");
    expect(await lastLines(file, 2)).toBe("two\nthree");
  });

  test("are limited in length", async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "stderr.log");
    await writeFile(file, "x".repeat(10_000_000));
    expect((await lastLines(file, 5)).length).toBeLessThanOrEqual(500);
  });

  test("never show a value of the configuration, wherever the part that was read begins", async () => {
    await using folder = await tempFolder();
    const file = join(folder.path, "stderr.log");
    const reasons =
      '--- Errors ---\nnope\n   Line 1: { "key": "sk-1",\n                     ^\n--- End ---\n↳ Expected A | B, got ["sk-1"] agent.x\n';
    for (const before of ["", "x".repeat(100_000)]) {
      await writeFile(file, `--- JSONC Input ---\n${before}"sk-1"\n${reasons}`);
      expect(await lastLines(file, 50)).toBe("--- Errors ---\nnope\n--- End ---\n↳ Expected A | B at agent.x");
    }
  });
});

test("a log above its limit is emptied while its end is kept, and grows again from the start", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "stderr.log");
  await writeFile(file, `${"x".repeat(1_000)}the end\n`);
  await limitLog(file, 2_000);
  expect((await stat(file)).size).toBe(1_008);
  await limitLog(file, 1_000);
  await appendFile(file, "new\n");
  expect(await readFile(file, "utf8")).toBe("new\n");
  expect(await readFile(`${file}.old`, "utf8")).toContain("the end");
});
