import { extname } from "node:path";
import { expect, test } from "vitest";
import { octoVersion } from "../bridge/version";
import { brokenHabitsOf, longFiles } from "./architecture/habits";
import { parseSource, projectFiles, projectSources, readProjectFile } from "./architecture/sources";
import { breachesOf } from "./architecture/walls";

// The walls between the parts, and the habits of the house that no linter knows.

const sources = projectSources();

test("no part imports what is behind a wall", () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.flatMap(breachesOf)).toEqual([]);
});

test("no file breaks a habit of the house", () => {
  expect(sources.flatMap(brokenHabitsOf)).toEqual([]);
});

test("a long file that has been cut loses its exception", () => {
  const long = sources.filter(({ text }) => text.split("\n").length > 251).map(({ path }) => path);
  expect([...longFiles.keys()].filter((path) => !long.includes(path))).toEqual([]);
});

test.each([
  ["shared/planted.ts", 'import { z } from "zod";'],
  ["shared/planted.ts", 'import type { Task } from "../bridge/core/task";'],
  ["bridge/core/planted.ts", 'import { join } from "node:path";'],
  ["bridge/core/planted.ts", 'import type { Store } from "../ports/store";'],
  ["bridge/ports/planted.ts", 'import { isRetryable } from "../../shared/errors";'],
  ["bridge/adapters/git/planted.ts", 'import { createCommands } from "../process/commands";'],
  ["bridge/adapters/git/planted.ts", 'import { request } from "undici";'],
  ["bridge/adapters/opencode/planted.ts", 'import type { Service } from "../../runtime/service";'],
  ["bridge/runtime/planted.ts", 'import { createLauncher } from "../adapters/opencode/launcher";'],
  ["bridge/runtime/planted.ts", 'import { spawn } from "node:child_process";'],
  ["bridge/api/planted.ts", 'import { reduce } from "../core/reduce";'],
  ["bridge/api/planted.ts", 'import { startEngine } from "../runtime/service";'],
  ["bridge/cli/planted.ts", 'const { fetch } = await import("undici");'],
  ["bridge/cli/planted.ts", 'export { openStore } from "../adapters/storage/open-store";'],
  ["bridge/ids.ts", 'import { pino } from "pino";'],
  ["bridge/runtime/planted.ts", 'import { startDaemon } from "../daemon";'],
  ["plugin/planted.ts", 'import type { Hello } from "../bridge/api/schemas";'],
])("sees a breach in %s: %s", (path, text) => {
  expect(breachesOf(parseSource(path, text))).toHaveLength(1);
});

test.each([
  ["bridge/core/planted.ts", "export const now = () => Date.now();"],
  ["bridge/core/planted.ts", "export const pick = () => Math.random();"],
  ["bridge/core/planted.ts", "export const later = (run: () => void) => setTimeout(run, 5);"],
  ["bridge/core/planted.ts", "export const wait = async () => 1;"],
  ["bridge/cli/planted.ts", "export default 1;"],
  ["bridge/cli/planted.ts", 'export const id = "x" as Id;'],
  ["bridge/cli/planted.ts", "export enum Kind { A }"],
  ["bridge/cli/planted.ts", `export function long() {${"\n".repeat(70)}}`],
  ["bridge/cli/planted.ts", "\n".repeat(251)],
  ["bridge/cli/planted.ts", `// ${"TO"}DO: later`],
  ["bridge/cli/planted.ts", "export const stat = read(`/proc/self/stat`);"],
  ["bridge/cli/planted.ts", 'spawn("ls", { shell: true });'],
  ["bridge/cli/notKebab.ts", ""],
])("sees a broken habit in %s: %s", (path, text) => {
  expect(brokenHabitsOf(parseSource(path, text))).toHaveLength(1);
});

// Ada and Ann are nobody: examples are theirs.
test("no file names a place on somebody's machine", () => {
  const texts = projectFiles().filter((path) => ![".png", ".gif"].includes(extname(path)));
  const places = /(^|[\s"'`=(])\/(root|work|home\/(?!ada\b|ann\b)[a-z]+|Users\/(?!ada\b|ann\b)[a-z]+)\//;
  expect(texts.filter((path) => path !== "test/architecture.test.ts" && places.test(readProjectFile(path)))).toEqual([]);
});

test("the lock file leads to the public registry, and holds the packages of every platform", () => {
  const text = readProjectFile("package-lock.json");
  const hosts = [...text.matchAll(/https?:\/\/([^/"]+)\/[^"]*\.tgz/g)].map(([, host]) => host);
  expect(hosts.filter((host) => host !== "registry.npmjs.org")).toEqual([]);
  // npm leaves out what it could not fetch, and then `npm ci` refuses the file everywhere.
  const named = [...text.matchAll(/"optionalDependencies": \{([^}]*)\}/g)].flatMap(([, list = ""]) => [...list.matchAll(/"([^"]+)": "/g)]);
  expect(named.length).toBeGreaterThan(30);
  expect(named.map(([, name]) => name).filter((name) => !text.includes(`node_modules/${name}": {`))).toEqual([]);
});

test("octo says the version that package.json says", () => {
  expect(readProjectFile("package.json")).toContain(`"version": "${octoVersion}"`);
});
