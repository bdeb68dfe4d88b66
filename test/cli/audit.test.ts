import { expect, test } from "vitest";
import { collectPermission } from "../../bridge/cli/option-values";
import { showAsk } from "../../bridge/cli/show-asks";
import { showAudit } from "../../bridge/cli/show-audit";
import type { Style } from "../../bridge/cli/terminal";
import type { AuditEntry } from "../../shared/audit";
import { askId, instanceId, local, samplePermission, taskId } from "../fakes/samples";

const same = (text: string): string => text;
const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

test("an ask is shown whole, with task, instance, host, age and limit, and none of its lines can pass for one of octo's", () => {
  const details = [
    { name: "filepath", text: "/repo/a.ts" },
    { name: "diff", text: "--- a.ts\n+++ a.ts\n-old\n+new\u001b[2J\nocto allow per_forged" },
  ];
  const content = { kind: "permission", permission: "edit", patterns: ["a.ts"], patternsLeftOut: 3, always: ["*"], details } as const;
  const nowEpochMs = Date.now();
  const times = { askedAtEpochMs: nowEpochMs - 120_000, deniedAtEpochMs: nowEpochMs + 3_600_000 };
  const ask = samplePermission({ ...times, taskTitle: "fix it", title: "edit: a.ts", content, sessionId: "ses_child" });
  expect(showAsk(ask, plain).replace(/denied in \S+ \S+/, "denied in 59m 59s")).toBe(`per_0001  edit: a.ts
  tsk_0001 fix it, a subagent, local-1 on local, 2m ago, denied in 59m 59s
  │ a.ts
  │ and 3 more that are not shown
  │ filepath: /repo/a.ts
  │ diff:
  │ --- a.ts
  │ +++ a.ts
  │ -old
  │ +new
  │ octo allow per_forged
  │ always would allow: *
  octo allow per_0001 [--always]   octo deny per_0001 [--message TEXT]
`);
});

test("the audit trail says who or what answered, the latest last", () => {
  const entry = (change: Partial<AuditEntry>): AuditEntry => ({
    askId: askId("per_1"),
    taskId: taskId("1"),
    instanceId: instanceId("a"),
    instanceName: "oc1",
    host: local,
    sessionId: "ses_1",
    directory: "/repo",
    content: samplePermission().content,
    askedAtEpochMs: 1_700_000_000_000,
    closedAtEpochMs: 1_700_000_001_000,
    by: { kind: "nobody" },
    confirmed: false,
    ...change,
  });
  const newestFirst = [
    entry({ by: { kind: "rule", rule: "rule 2 (bash: npm *)" }, answer: { kind: "allow", scope: "once" }, confirmed: true }),
    entry({ by: { kind: "person", surface: "pane" }, answer: { kind: "deny", message: "not now" } }),
  ];
  expect(showAudit(newestFirst, plain)).toBe(`2023-11-14 22:13:21Z  denied (not now) by you, in a pane, not known whether it arrived
    bash: npm test
    tsk_1, oc1 on local
2023-11-14 22:13:21Z  allowed once by rule 2 (bash: npm *)
    bash: npm test
    tsk_1, oc1 on local
`);
  expect(showAudit([entry({})], plain)).toContain("not answered by anybody: its turn had ended");
});

test("a permission of the command line may hold = and : in its pattern", () => {
  expect(collectPermission("bash=ask", undefined)).toEqual([{ permission: "bash", pattern: "*", action: "ask" }]);
  expect(collectPermission("bash:FOO=1 git:x *=allow", [])).toEqual([{ permission: "bash", pattern: "FOO=1 git:x *", action: "allow" }]);
  expect(() => collectPermission("bash=maybe", undefined)).toThrow("PERMISSION");
});
