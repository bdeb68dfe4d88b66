import { expect, test } from "vitest";
import { setupOf } from "../../bridge/core/project";

const of = (setup: string) => ({ setup, setupTimeoutMs: 1_000, copyFiles: [] });

test.each([
  ["/home/ada/work/*", "/home/ada/work/one", true],
  ["/home/ada/work/*", "/home/ada/work/one/two", false],
  ["/home/ada/**", "/home/ada/work/one/two", true],
  ["/home/ada/w.rk", "/home/ada/work", false],
  ["/home/ada/work/", "/home/ada/work", true],
  ["/home/ada/front-*", "/home/ada/front-end", true],
  ["/home/ada", "/home/ada/work", false],
])("the project %s is that of %s: %s", (pattern, repository, expected) => {
  expect(setupOf({ [pattern]: of("make") }, repository) !== undefined).toBe(expected);
});

test("a repository's own path goes before every pattern; text is for a shell, arguments are as they are", () => {
  const projects = { "/home/ada/*": of("pattern"), "/home/ada/one": { ...of(""), setup: ["npm", "ci"] } };
  expect(setupOf(projects, "/home/ada/one")?.command).toEqual(["npm", "ci"]);
  expect(setupOf(projects, "/home/ada/two")?.command).toEqual(["/bin/sh", "-c", "pattern"]);
});

test("a project with nothing to do is none", () => {
  expect(setupOf({ "/a": { setupTimeoutMs: 1_000, copyFiles: [] } }, "/a")).toBeUndefined();
});
