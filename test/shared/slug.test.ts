import fc from "fast-check";
import { expect, test } from "vitest";
import { branchName, slug } from "../../shared/slug";
import { taskId } from "../adapters/git/test-repository";

test.each([
  ["Fix the flaky login test", "fix-the-flaky-login-test"],
  ["  ¿Qué pasó, señor?!  ", "que-paso-senor"],
  ["Prüfe die Größe", "pruefe-die-groesse"],
  ["cafe\u0301 noir", "cafe-noir"],
  ["文字", "task"],
  ["", "task"],
  ["../..//@{-1}.lock", "1-lock"],
  ["rename everything in the repository to something shorter", "rename-everything-in-the-repository-to"],
  ["x".repeat(100), "x".repeat(40)],
])("makes a piece of a branch name of %j", (prompt, expected) => {
  expect(slug(prompt)).toBe(expected);
});

test("is never empty, never longer than 40, and made of words and single hyphens only", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (prompt) => /^(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(slug(prompt))),
  );
});

test("names the branch after task and slug", () => {
  expect(branchName(taskId("1a"), "fix-it")).toBe("octo/tsk_1a-fix-it");
});
