import fc from "fast-check";
import { expect, test } from "vitest";
import { fitsPattern } from "../../bridge/core/ask-pattern";
import type { AskRule } from "../../bridge/core/ask-policy";
import { decideByRules } from "../../bridge/core/ask-rules";
import type { AskContent } from "../../shared/ask";

const here = { host: "local", labels: ["linux", "gpu=a100"] };

function bash(...patterns: string[]): AskContent {
  return line(patterns.join(" && "), patterns);
}

function line(command: string, patterns: readonly string[] = [command]): Extract<AskContent, { kind: "permission" }> {
  const details = [{ name: "command", text: command }];
  return { kind: "permission", permission: "bash", patterns, patternsLeftOut: 0, always: [], details };
}

const question: AskContent = { kind: "question", questions: [{ header: "", question: "Which colour?", options: [], multiple: false }] };

function decision(rules: readonly AskRule[], content: AskContent, origin = here): string {
  const decided = decideByRules(rules, content, origin);
  return decided ? `${decided.answer.kind}: ${decided.rule}` : "ask";
}

test.each([
  ["git status", "git *", true],
  ["git", "git *", true],
  ["gitk", "git *", false],
  ["rm -rf /", "rm*", true],
  ["a\nb", "a*b", true],
  ["/etc/passwd", "/etc/*", true],
  ["/etc/a/b", "/etc/*", true],
  ["C:\\Windows", "C:/*", true],
  ["ls", "l?", true],
  ["l", "l?", false],
  ["Git status", "git *", false],
  ["a.b", "a+b", false],
  ["(a|b)", "(a|b)", true],
  ["", "*", true],
  ["anything", "", false],
])("%j against %j: %j", (text, pattern, fits) => {
  expect(fitsPattern(text, pattern)).toBe(fits);
});

test("reads patterns as OpenCode does, whatever they are", () => {
  const piece = fc.constantFrom("a", "b", " ", "*", "?", "/", "\\", ".", "\n", "[", "^");
  const word = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(word, word, (text, pattern) => fitsPattern(text, pattern) === asOpenCode(text, pattern)),
    { numRuns: 3_000 },
  );
});

/** By a regular expression; the same facts (facts found: Wildcard of OpenCode 1.18.33). */
function asOpenCode(text: string, pattern: string): boolean {
  const expression = pattern
    .replaceAll("\\", "/")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  const lenient = expression.endsWith(" .*") ? `${expression.slice(0, -3)}( .*)?` : expression;
  return new RegExp(`^${lenient}$`, "s").test(text.replaceAll("\\", "/"));
}

test("a pattern made to be slow is not", () => {
  const startedAtMs = performance.now();
  expect(fitsPattern("a".repeat(20_000), `${"*a".repeat(200)}b`)).toBe(false);
  expect(performance.now() - startedAtMs).toBeLessThan(2_000);
});

test("the first rule that matches counts", () => {
  const rules: AskRule[] = [
    { permission: "bash", pattern: "git push *", action: "ask" },
    { permission: "bash", pattern: "git *", action: "allow" },
    { pattern: "rm *", action: "deny" },
  ];
  expect(decision(rules, bash("git status"))).toBe("allow: rule 2 (bash: git *)");
  expect(decision(rules, bash("git push origin"))).toBe("ask");
  expect(decision(rules, bash("rm -rf ."))).toBe("deny: rule 3 (*: rm *)");
  expect(decision(rules, bash("npm test"))).toBe("ask");
});

test("a command line is allowed only whole, and denied by one part of it", () => {
  const rules: AskRule[] = [
    { pattern: "git *", action: "allow" },
    { pattern: "rm *", action: "deny" },
  ];
  expect(decision(rules, bash("git add .", "git commit"))).toBe("allow: rule 1 (*: git *)");
  expect(decision(rules, bash("git add .", "npm publish"))).toBe("ask");
  expect(decision(rules, bash("git add .", "npm publish", "rm x"))).toBe("deny: rule 2 (*: rm *)");
});

test("what is not shown whole is not allowed", () => {
  const cut: AskContent = {
    ...line("git status"),
    patternsLeftOut: 1,
  };
  expect(decision([{ action: "allow" }], cut)).toBe("ask");
  expect(decision([{ action: "deny" }], cut)).toContain("deny");
});

test("rules name hosts and labels", () => {
  const rules: AskRule[] = [
    { host: "prod-*", action: "deny" },
    { label: "gpu=*", action: "allow" },
  ];
  expect(decision(rules, bash("ls"))).toContain("allow");
  expect(decision(rules, bash("ls"), { host: "prod-1", labels: ["gpu=a"] })).toContain("deny");
  expect(decision(rules, bash("ls"), { host: "local", labels: [] })).toBe("ask");
});

test("a question can be denied by a rule, and answered by nobody but a person", () => {
  expect(decision([{ action: "allow" }], question)).toBe("ask");
  expect(decision([{ permission: "question", pattern: "Which*", action: "deny" }], question)).toContain("deny");
});

test("a denial tells the model why, so that it goes on", () => {
  expect(decideByRules([{ action: "deny", message: "no network here" }], bash("curl x"), here)?.answer).toEqual({
    kind: "deny",
    message: "no network here",
  });
  expect(decideByRules([{ action: "deny" }], bash("curl x"), here)?.answer).toMatchObject({ message: expect.stringContaining("rule 1") });
});
