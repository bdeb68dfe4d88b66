import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { acquireLock } from "../../../bridge/adapters/storage/instance-lock";
import { type TempFolder, tempFolder } from "../../helpers/temp-folder";
import { type TypescriptChild, typescriptChild } from "../../helpers/typescript-child";

let folder: TempFolder;
let path = "";
let contenders: readonly TypescriptChild[] = [];

beforeEach(async () => {
  folder = await tempFolder();
  path = join(folder.path, "bridge.lock");
});
afterEach(async () => {
  await Promise.all(contenders.map((contender) => contender.kill()));
  contenders = [];
  await folder[Symbol.asyncDispose]();
});

const start = (count: number): void => {
  contenders = Array.from({ length: count }, () => typescriptChild("test/fixtures/lock-contender.ts", [path]));
};

/** Gives every contender the order at once; their answers, of which each is the contender's `number`th. */
async function order(what: "take" | "release", number: number): Promise<readonly string[]> {
  for (const contender of contenders) contender.say(what);
  return answers(number);
}

async function answers(number: number): Promise<readonly string[]> {
  const lines = await Promise.all(contenders.map((contender) => contender.line((line) => line.startsWith(`${number} `))));
  return lines.map((line) => line.slice(`${number} `.length));
}

it("goes to exactly one of six bridges that start at once, eight times over", { timeout: 60_000 }, async () => {
  start(6);
  await answers(1);
  for (let round = 0; round < 8; round += 1) {
    const taken = await order("take", 2 + 2 * round);
    expect(taken.filter((answer) => answer === "held")).toHaveLength(1);
    await order("release", 3 + 2 * round);
  }
});

it("is free at once when its holder is killed", async () => {
  start(1);
  await answers(1);
  expect(await order("take", 2)).toEqual(["held"]);
  expect(acquireLock(path)).toBeUndefined();
  await contenders[0]?.kill();
  const lock = acquireLock(path);
  expect(lock).toBeDefined();
  lock?.release();
});

it("is refused to the process that holds it already, and stays held", async () => {
  const lock = acquireLock(path);
  expect(acquireLock(path)).toBeUndefined();
  start(1);
  await answers(1);
  expect(await order("take", 2)).toEqual(["refused"]);
  lock?.release();
});

it("may be released twice, and taken again", () => {
  const lock = acquireLock(path);
  lock?.release();
  lock?.release();
  const next = acquireLock(path);
  expect(next).toBeDefined();
  lock?.release();
  expect(acquireLock(path)).toBeUndefined();
  next?.release();
});

it("makes a file that only the user can read", () => {
  const lock = acquireLock(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  lock?.release();
});

it("says STORE_FAILED where it cannot be made", () => {
  expect(() => acquireLock(join(folder.path, "missing", "bridge.lock"))).toThrow(expect.objectContaining({ code: "STORE_FAILED" }));
});

it("says STORE_CORRUPT where the file is something else", () => {
  writeFileSync(path, "somebody's notes".repeat(100));
  expect(() => acquireLock(path)).toThrow(expect.objectContaining({ code: "STORE_CORRUPT" }));
});
