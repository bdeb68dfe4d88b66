import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LogReader } from "../../bridge/cli/log-reader";
import { LogFile, logFileNames } from "../../bridge/log-file";
import { tempFolder } from "../helpers/temp-folder";
import { typescriptChild } from "../helpers/typescript-child";

const numbers = (lines: readonly string[]): readonly number[] => lines.map((line) => JSON.parse(line).index);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const linesIn = (file: string): readonly string[] => readFileSync(file, "utf8").split("\n").slice(0, -1);
const here = (path: string): readonly string[] => logFileNames(path).filter((name) => existsSync(name));

test("a flood loses no line, keeps each file under its limit, and all of them private", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "bridge.log");
  const log = new LogFile(path);
  log.limit({ bytesMax: 10_000, filesMax: 20 });
  for (const index of upTo(1_500)) log.write(`${JSON.stringify({ index, text: "é".repeat(index % 50) })}\n`);
  log.close();
  const files = here(path);
  expect(files.length).toBeGreaterThan(5);
  expect(numbers(files.toReversed().flatMap(linesIn))).toEqual(upTo(1_500));
  for (const file of files) expect(statSync(file)).toMatchObject({ mode: 0o100600 });
  for (const file of files) expect(statSync(file).size).toBeLessThanOrEqual(10_000);
});

test("no more files are kept than asked for, also after fewer are asked for", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "bridge.log");
  const log = new LogFile(path);
  const flood = (): void => {
    for (const index of upTo(1_000)) log.write(`${JSON.stringify({ index })}\n`);
  };
  for (const filesMax of [3, 1, 0, 2]) {
    log.limit({ bytesMax: 2_000, filesMax });
    flood();
    expect(readdirSync(folder.path)).toHaveLength(filesMax + 1);
  }
  log.close();
});

test("nothing is rotated before limits are known, and a line that is longer than a file is written whole", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "bridge.log");
  const log = new LogFile(path);
  for (const index of upTo(1_000)) log.write(`${JSON.stringify({ index })}\n`);
  expect(here(path)).toEqual([path]);
  log.limit({ bytesMax: 1_000, filesMax: 1 });
  log.write(`${"y".repeat(5_000)}\n`);
  expect(linesIn(path)).toEqual(["y".repeat(5_000)]);
  expect(linesIn(`${path}.1`)).toHaveLength(1_000);
  log.close();
});

test("a log that somebody moved away is begun anew, and theirs is left alone", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "bridge.log");
  const log = new LogFile(path);
  log.limit({ bytesMax: 1_000, filesMax: 1 });
  log.write(`${"a".repeat(900)}\n`);
  renameSync(path, `${path}.mine`);
  writeFileSync(path, "theirs\n");
  log.write(`${"b".repeat(900)}\n`);
  expect(linesIn(path)).toEqual(["theirs", "b".repeat(900)]);
  expect(linesIn(`${path}.mine`)).toEqual(["a".repeat(900)]);
  log.close();
});

// Every write to it is refused for want of space.
test.runIf(existsSync("/dev/full"))("a disk that is full ends nothing", () => {
  const log = new LogFile("/dev/full");
  expect(() => log.write("lost\n")).not.toThrow();
  log.close();
});

test("a reader that follows a flood of another process gets each line once and in order, through every rotation", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "bridge.log");
  const [count, rotations] = [60_000, 20];
  const reader = new LogReader(path);
  expect(reader.last(10)).toEqual([]);
  await using child = typescriptChild("test/fixtures/log-flood.ts", [path, `${count}`, "1000000", `${rotations}`]);
  let isWritten = false;
  const written = child
    .line((line) => line === "written")
    .finally(() => {
      isWritten = true;
    });
  const got: string[] = [];
  while (!isWritten) {
    got.push(...reader.next());
    await new Promise((resolve) => setImmediate(resolve));
  }
  await written;
  got.push(...reader.next());
  reader.close();
  expect(here(path).length).toBeGreaterThan(3);
  expect(reader.gaps).toBe(0);
  expect(numbers(got)).toEqual(upTo(count));
});

test("a reader that was away for several rotations catches up; what was deleted meanwhile is one gap", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "bridge.log");
  const log = new LogFile(path);
  log.limit({ bytesMax: 1_000, filesMax: 3 });
  const write = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1) log.write(`${JSON.stringify({ index })}\n`);
  };
  write(0, 10);
  const reader = new LogReader(path);
  expect(numbers(reader.last(4))).toEqual([6, 7, 8, 9]);
  write(10, 200);
  expect(numbers(reader.next())).toEqual(upTo(200).slice(10));
  expect(reader.gaps).toBe(0);
  expect(numbers(new LogReader(path).last(150))).toEqual(upTo(200).slice(50));
  write(200, 2_000);
  const late = numbers(reader.next());
  expect(reader.gaps).toBe(1);
  expect(late.at(-1)).toBe(1_999);
  expect(new Set(late).size).toBe(late.length);
  reader.close();
  log.close();
});

test("half a line is not shown before its end", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "bridge.log");
  writeFileSync(path, "one\ntw");
  const reader = new LogReader(path);
  expect(reader.last(10)).toEqual(["one"]);
  writeFileSync(path, "o\n", { flag: "a" });
  expect(reader.next()).toEqual(["two"]);
  reader.close();
});
