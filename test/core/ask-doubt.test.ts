import { describe, expect, test } from "vitest";
import type { AskRule } from "../../bridge/core/ask-policy";
import { decideByRules } from "../../bridge/core/ask-rules";
import type { AskContent } from "../../shared/ask";

const here = { host: "local", labels: [] };
const allowGit: readonly AskRule[] = [{ permission: "bash", pattern: "git *", action: "allow" }];
const allButRm: readonly AskRule[] = [
  { permission: "bash", pattern: "rm *", action: "deny" },
  { permission: "bash", action: "allow" },
];
const allButPush: readonly AskRule[] = [{ permission: "bash", pattern: "git push*", action: "ask" }, ...allowGit];

function asked(permission: string, patterns: readonly string[], command?: string): AskContent {
  const details = command === undefined ? [] : [{ name: "command", text: command }];
  return { kind: "permission", permission, patterns, patternsLeftOut: 0, always: [], details };
}

function decision(rules: readonly AskRule[], content: AskContent): string {
  return decideByRules(rules, content, here)?.answer.kind ?? "ask";
}

/** With the pattern that OpenCode would give, where that is not the line itself. */
function onLine(rules: readonly AskRule[], command: string, patterns: readonly string[] = [command]): string {
  return decision(rules, asked("bash", patterns, command));
}

describe("a rule that allows some commands leaves to a person what does more, though OpenCode's pattern fits", () => {
  test.each([
    ["git status $(rm -rf ~)"],
    ["git status `rm -rf ~`"],
    ['git log "$(rm -rf ~)"'],
    ["git status; rm -rf ~"],
    ["git status && rm -rf ~"],
    ["git status || rm -rf ~"],
    ["git status | sh"],
    ["git status & rm -rf ~"],
    ["git status\nrm -rf ~"],
    ["git status\r\nrm -rf ~"],
    ["git log > ~/.ssh/authorized_keys"],
    ["git log >> ~/.bashrc"],
    ["git log &> file"],
    ["git log 2>file"],
    ["git log >/dev/null/../../home/me/.bashrc"],
    ["git log >|file"],
    ["git diff <(rm -rf ~)"],
    ["git apply <<EOF\n$(rm -rf ~)\nEOF"],
    ["git $IFS"],
    ["git log {a,b}"],
    ["git log \\\n; rm x"],
    ["git status\u00a0x"],
    ["git status \u202e x"],
    ["git sta\u200btus"],
    ["git status \u001b[2K"],
    ["git log 'unfinished"],
    [`git log ${"a".repeat(3_000)}`],
  ])("%j", (command) => {
    expect(onLine(allowGit, command)).toBe("ask");
  });

  test.each([
    ["export PATH=/tmp/x:$PATH; git status"],
    ["export GIT_PAGER=evil; git status"],
    ["PATH=/tmp/x; git status"],
    ["PATH=/tmp/x git status"],
    ["git() { sh; }; git status"],
    ["{ git status; } > ~/.ssh/authorized_keys"],
    ["(git log) > ~/.bashrc"],
    ["git log; > ~/.bashrc"],
    ["unset HOME; git status"],
    ["while :; do git status; done > file"],
    ["[[ -e x ]] && git status"],
    ["cd && git clean -fdx"],
    ["cd ~ && git clean -fdx"],
    ["cd - && git clean -fdx"],
    ["cd a/../.. && git clean -fdx"],
    ["cd .* && git clean -fdx"],
    ["git status # later"],
    ["/tmp/g?t status; git status"],
  ])("what is no pattern of OpenCode's in %j", (command) => {
    expect(onLine(allowGit, command, ["git status"])).toBe("ask");
  });

  test("where the line is not told", () => {
    expect(decision(allowGit, asked("bash", ["git status"]))).toBe("ask");
  });
});

test.each([
  ["git status"],
  ["git  log\t-p"],
  ["git commit -m 'fix (all) $HOME; rm x' && git log"],
  ['git commit -m "two\nlines"'],
  ["git log 2>&1 | git hash-object --stdin >/dev/null"],
  ["git add src/*.ts ~/x"],
])("a rule allows %j, which does nothing else", (command) => {
  expect(onLine(allowGit, command)).toBe("allow");
});

test("a step into a folder below is no command of its own", () => {
  expect(onLine(allowGit, "cd packages/a && git status", ["git status"])).toBe("allow");
});

test.each([
  ["/bin/rm -rf x"],
  ["sudo rm -rf x"],
  ["env A=1 rm x"],
  ["A=1 rm x"],
  ["\\rm x"],
  ["xargs rm"],
  ["sh -c 'rm x'"],
  ["bash -c 'cd /;rm x'"],
  ["find . -exec rm {} +"],
  ["echo $(echo cm0geA== | base64 -d)"],
  ["timeout 5 nice rm x"],
])("who allows everything but one command is asked about %j", (command) => {
  expect(onLine(allButRm, command)).toBe("ask");
});

test.each([['"rm" x'], ["r''m x"], ["  rm\t-rf  x"], ["ls; rm x"], ["git -C .. status; 'rm' x"]])(
  "a rule denies %j whatever its spaces and quotes",
  (command) => {
    expect(onLine(allButRm, command, ["ls"])).toBe("deny");
  },
);

test.each([
  ["git -c alias.x='!sh' x"],
  ["git -c core.pager=evil log"],
  ["git -ccore.fsmonitor=evil status"],
  ["git --config-env=alias.x=HOME x"],
  ["git --config-env alias.x=HOME x"],
  ["git --exec-path=/tmp/x status"],
  ["git --exec-path /tmp/x"],
  ["git -C /tmp/x status"],
  ["git --git-dir=/tmp/x status"],
  ["git --git-dir /tmp/x --work-tree . status"],
  ["git --no-pager -c alias.x='!sh' x"],
  ["git '-c' alias.x='!sh' x"],
  ["git --an-option-of-tomorrow status"],
  ["git status && git -c alias.x='!sh' x"],
  ["/usr/bin/git -c alias.x='!sh' x"],
  ["GIT_PAGER=evil git log"],
])("a rule that allows git leaves %j to a person: what stands before the subcommand may run another program", (command) => {
  const rules: readonly AskRule[] = [...allowGit, { permission: "bash", pattern: "/usr/bin/git *", action: "allow" }];
  expect(onLine(rules, command)).toBe("ask");
  expect(onLine(rules, command, ["git status"])).toBe("ask");
});

test.each([["git --no-pager log -c"], ["git -P diff -C"], ["git commit -c HEAD"], ["git --version"], ["git --no-optional-locks status"]])(
  "a rule that allows git allows %j",
  (command) => {
    expect(onLine(allowGit, command)).toBe("allow");
  },
);

test("who allows everything is not asked about git's options either", () => {
  expect(onLine([{ action: "allow" }], "git -C ../x status")).toBe("allow");
});

test.each([["git  push"], ["git\tpush -f"], ["git 'push'"], ["git -C . push"], ["git -c a=b --no-pager push"]])(
  "an earlier rule asks about %j before a wider one allows it",
  (command) => {
    expect(onLine(allButPush, command)).toBe("ask");
  },
);

test("who allows everything is not asked", () => {
  expect(onLine([{ action: "allow" }], "A=$(date) sh -c 'rm x' > y")).toBe("allow");
  expect(onLine([...allowGit, { permission: "bash", pattern: "*", action: "allow" }], "git log > y")).toBe("allow");
  expect(onLine([{ permission: "edit", action: "deny" }, { action: "allow" }], "git log > y")).toBe("allow");
  expect(onLine(allButRm, "npm test && git status")).toBe("allow");
});

test("a path that leads up is for a person, unless everything is allowed", () => {
  const below: readonly AskRule[] = [{ permission: "edit", pattern: "src/*", action: "allow" }];
  expect(decision(below, asked("edit", ["src/a.ts"]))).toBe("allow");
  expect(decision(below, asked("edit", ["src/../../.ssh/authorized_keys"]))).toBe("ask");
  expect(decision(below, asked("edit", ["src\\..\\x"]))).toBe("ask");
  expect(decision([{ action: "allow" }], asked("edit", ["../x"]))).toBe("allow");
});

test("a folder that holds one denied is for a person", () => {
  const rules: readonly AskRule[] = [
    { permission: "external_directory", pattern: "/etc/*", action: "deny" },
    { permission: "external_directory", action: "allow" },
  ];
  expect(decision(rules, asked("external_directory", ["/tmp/*"]))).toBe("allow");
  expect(decision(rules, asked("external_directory", ["/etc/ssh/*"]))).toBe("deny");
  expect(decision(rules, asked("external_directory", ["/*"]))).toBe("ask");
});

test("the longest lines are judged within a moment", () => {
  const many = Array.from({ length: 200 }, (_, at) => ({ pattern: `*a*b*c${at} *d`, action: "deny" as const }));
  const startedAtMs = performance.now();
  for (const text of ["a ".repeat(250), "a/".repeat(999), "'a' ".repeat(499), "a".repeat(2_000)]) {
    onLine([...many, { action: "allow" }], text, Array(4).fill(text));
  }
  expect(performance.now() - startedAtMs).toBeLessThan(3_000);
});
