import type { AskAnswer, AskContent } from "../../shared/ask";
import { fitsPattern } from "./ask-pattern";
import type { AskRule } from "./ask-policy";

/** Who asks: the machine and the labels of its instance. */
export interface AskOrigin {
  readonly host: string;
  readonly labels: readonly string[];
}

export interface RuleDecision {
  readonly answer: AskAnswer;
  /** For the audit trail. */
  readonly rule: string;
}

/**
 * What the rules say about an ask; undefined when a person is to answer it. Each of its patterns (a command line has one a command) gets
 * the first rule that matches: one denied pattern denies the ask, and it is allowed only when every pattern is. A question is one of the
 * permission `question` with its texts as patterns; it can be denied, but nobody but a person can answer it.
 */
export function decideByRules(rules: readonly AskRule[], content: AskContent, origin: AskOrigin): RuleDecision | undefined {
  if (rules.length === 0) return undefined;
  const permission = content.kind === "permission" ? content.permission : "question";
  const hits = subjectsOf(content).map((subject) => firstMatch(rules, permission, subject, origin));
  const denial = hits.find((hit) => hit?.rule.action === "deny");
  if (denial) {
    const why = denial.rule.message ?? `denied by a rule of the person who runs this (${nameOf(denial)}); go on without it`;
    return { answer: { kind: "deny", message: why }, rule: nameOf(denial) };
  }
  // What nobody has seen whole, nobody has allowed.
  if (content.kind === "question" || content.patternsLeftOut > 0) return undefined;
  const [first] = hits;
  if (!first || !hits.every((hit) => hit?.rule.action === "allow")) return undefined;
  const names = [...new Set(hits.flatMap((hit) => (hit ? [nameOf(hit)] : [])))];
  return { answer: { kind: "allow", scope: "once" }, rule: names.join(", ") };
}

interface Hit {
  readonly rule: AskRule;
  /** From 1. */
  readonly number: number;
}

function subjectsOf(content: AskContent): readonly string[] {
  const subjects = content.kind === "permission" ? content.patterns : content.questions.map(({ question }) => question);
  return subjects.length > 0 ? subjects : [""];
}

function firstMatch(rules: readonly AskRule[], permission: string, subject: string, { host, labels }: AskOrigin): Hit | undefined {
  const fits = (pattern: string | undefined, text: string): boolean => pattern === undefined || fitsPattern(text, pattern);
  const at = rules.findIndex(
    (rule) =>
      fits(rule.permission, permission) &&
      fits(rule.pattern, subject) &&
      fits(rule.host, host) &&
      (rule.label === undefined || labels.some((label) => fits(rule.label, label))),
  );
  const rule = rules[at];
  return rule && { rule, number: at + 1 };
}

function nameOf({ rule, number }: Hit): string {
  return `rule ${number} (${rule.permission ?? "*"}: ${rule.pattern ?? "*"})`;
}
