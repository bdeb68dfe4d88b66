import { execFile } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { toAnswer } from "../../bridge/cli/answers";
import { findOne } from "../../bridge/cli/find";
import { durationMs } from "../../bridge/cli/option-values";
import { taskTable } from "../../bridge/cli/show-task";
import { table } from "../../bridge/cli/table";
import { createTerminal, toJson } from "../../bridge/cli/terminal";
import { compareVersions } from "../../bridge/cli/versions";
import { showAge, showBytes, showCost, showCount, showDuration } from "../../bridge/figures";
import type { Question } from "../../shared/ask";
import { sampleQuestion, sampleTask, taskId } from "../fakes/samples";
import { tempFolder } from "../helpers/temp-folder";

test.for([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["1h30m", 5_400_000],
  ["500ms", 500],
  ["1.5h", 5_400_000],
] as const)("%s is a time of %s ms", ([text, ms]) => {
  expect(durationMs(text)).toBe(ms);
});

test.for(["", "30", "m", "30 m", "-5m", "5x", "1h-30m"])('"%s" is no time', (text) => {
  expect(() => durationMs(text)).toThrow("like 90s, 30m or 1h30m");
});

test("figures are short", () => {
  expect([showDuration(5_600), showDuration(184_000), showDuration(3_720_000)]).toEqual(["5.6s", "3m 4s", "1h 2m"]);
  expect([showAge(12_000), showAge(7_200_000), showAge(-5)]).toEqual(["12s", "2h", "0s"]);
  expect([showCost(0), showCost(0.004), showCost(1.239)]).toEqual(["$0.00", "$0.0040", "$1.24"]);
  expect([showCount(950), showCount(12_345), showCount(1_234_567)]).toEqual(["950", "12.3k", "1.2M"]);
  expect([showBytes(300 * 2 ** 20), showBytes(3 * 2 ** 30)]).toEqual(["300 MiB", "3.0 GiB"]);
});

test("a table is never wider than the terminal while its flexible column can give way", async () => {
  const columns = [{ title: "ID" }, { title: "TITLE", flexible: true }, { title: "N", align: "right" as const }];
  const cell = fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => text.replace(/\s/gu, "_"));
  await fc.assert(
    fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 5 }), fc.integer({ min: 20, max: 100 }), async (titles, width) => {
      const rows = titles.map((text, index) => [{ text: `t${index}` }, { text }, { text: "1" }]);
      const shown = await table(columns, rows, { columns: width, paintTitle: (text) => text });
      for (const line of shown.trimEnd().split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test("of two columns that can give way the wider one does, until both are alike", async () => {
  const columns = [{ title: "ID" }, { title: "TITLE", flexible: true }, { title: "RESULT", flexible: true }];
  const shown = (text: string, result: string) =>
    table(columns, [[{ text: "t1" }, { text }, { text: result }]], { columns: 40, paintTitle: (title) => title });
  expect(await shown("a".repeat(12), "b".repeat(60))).toContain(`t1  ${"a".repeat(12)}  ${"b".repeat(21)}…\n`);
  expect(await shown("a".repeat(60), "b".repeat(60))).toContain(`t1  ${"a".repeat(16)}…  ${"b".repeat(16)}…\n`);
});

test("tasks with long titles and branches fit a terminal of 80 columns", async () => {
  const branch = { repository: "/repo", branch: `octo/tsk_4m5d714t-${"words-".repeat(8)}`, base: "a", commit: "b", files: ["c"] };
  const task = sampleTask({ id: taskId("4m5d714t"), state: "succeeded", title: "words ".repeat(20), endedAtEpochMs: 1, branch });
  const shown = await taskTable([task], { ...createTerminal(process.stdout, process.stderr, { NO_COLOR: "1" }), columns: 80 });
  for (const line of shown.trimEnd().split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(80);
});

test("JSON for a terminal holds nothing that it obeys, and means the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const json = toJson({ text });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});

test("an exact name wins over those it begins", () => {
  const unknown = { code: "INSTANCE_UNKNOWN", noun: "instance" } as const;
  const find = (given: string) => findOne(given, ["ins_1", "ins_12"], (name) => [name], unknown);
  expect(find("ins_1")).toBe("ins_1");
  expect(find("12")).toBe("ins_12");
  expect(() => find("ins_")).toThrow("fits 2 instances");
  expect(() => find("")).toThrow('there is no instance ""');
});

describe("several questions", () => {
  const option = (label: string) => ({ label, description: "" });
  const questions: readonly Question[] = [
    { header: "", question: "Which colour?", options: [option("Blue"), option("Red")], multiple: false },
    { header: "", question: "Which days?", options: [option("Mon"), option("Tue"), option("Wed, late")], multiple: true },
  ];
  const ask = sampleQuestion({ content: { kind: "question", questions } });

  test("take one argument each, with commas where several may be chosen", () => {
    expect(toAnswer(ask, ["red", "Mon,tue"])).toEqual({ kind: "answers", answers: [["Red"], ["Mon", "Tue"]] });
    expect(toAnswer(ask, ["1", "Wed, late"])).toEqual({ kind: "answers", answers: [["Blue"], ["Wed, late"]] });
  });

  test("refuse too few arguments and unknown labels", () => {
    expect(() => toAnswer(ask, ["red"])).toThrow("asks 2 questions");
    expect(() => toAnswer(ask, ["red", "Sun"])).toThrow('"Sun" is no option of "Which days?"');
  });
});

test("bin/octo says what to do when nothing is built", async () => {
  await using folder = await tempFolder();
  await mkdir(`${folder.path}/bin`);
  await copyFile(fileURLToPath(new URL("../../bin/octo", import.meta.url)), `${folder.path}/bin/octo.mjs`);
  const run = promisify(execFile)(process.execPath, [`${folder.path}/bin/octo.mjs`]);
  await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("npm ci") });
});

test("versions are older and newer as Semantic Versioning says", () => {
  const inOrder = ["none", "0.9.0-rc.2", "0.9.0-rc.10", "0.9.0", "0.10.0", "1.0.0", "10.0.0"];
  for (const [index, version] of inOrder.entries()) {
    expect(inOrder.map((other) => Math.sign(compareVersions(other, version)))).toEqual(inOrder.map((_, other) => Math.sign(other - index)));
  }
  expect(compareVersions("1.0.0+build.5", "1.0.0")).toBe(0);
});
