import type { AskAnswer, AskContent } from "../../shared/ask";
import { commandsAsked, isUncertain, mayMean } from "./ask-doubt";
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
 * What the rules say about an ask; undefined when a person is to answer it. Each of its patterns, and each command of its command line,
 * gets the first rule that matches: one that is denied denies the ask, and it is allowed only when every one is, and when no rule before
 * those that allow may be meant by it. A question is one of the permission `question` with its texts as patterns; it can be denied, but
 * nobody but a person can answer it.
 */
export function decideByRules(rules: readonly AskRule[], content: AskContent, origin: AskOrigin): RuleDecision | undefined {
  if (rules.length === 0) return undefined;
  const permission = content.kind === "permission" ? content.permission : "question";
  const { commands, isCertain } = content.kind === "permission" ? commandsAsked(content) : { commands: [], isCertain: true };
  const subjects = [...new Set([...subjectsOf(content), ...commands])];
  const asked = subjects.map((subject) => ({ subject, hit: firstMatch(rules, permission, subject, origin) }));
  const denial = asked.find(({ hit }) => hit?.rule.action === "deny")?.hit;
  if (denial) {
    const why = denial.rule.message ?? `denied by a rule of the person who runs this (${nameOf(denial)}); go on without it`;
    return { answer: { kind: "deny", message: why }, rule: nameOf(denial) };
  }
  // What nobody has seen whole, nobody has allowed.
  if (content.kind === "question" || content.patternsLeftOut > 0) return undefined;
  const allowing = asked.flatMap(({ subject, hit }) => {
    if (hit?.rule.action !== "allow") return [];
    const isClear = isCertain && !isUncertain(permission, subject);
    const isAllowed = isClear ? !mayBeRestricted(rules, hit, permission, subject, origin) : allowsAll(rules, permission, origin);
    return isAllowed ? [hit] : [];
  });
  if (allowing.length < asked.length) return undefined;
  return { answer: { kind: "allow", scope: "once" }, rule: [...new Set(allowing.map(nameOf))].join(", ") };
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

function firstMatch(rules: readonly AskRule[], permission: string, subject: string, origin: AskOrigin): Hit | undefined {
  const at = rules.findIndex((rule) => isAbout(rule, permission, origin) && fits(rule.pattern, subject));
  const rule = rules[at];
  return rule && { rule, number: at + 1 };
}

/** A rule before it would not have allowed, and may be meant by this. */
function mayBeRestricted(rules: readonly AskRule[], { number }: Hit, permission: string, subject: string, origin: AskOrigin): boolean {
  return rules
    .slice(0, number - 1)
    .filter((rule) => rule.action !== "allow" && isAbout(rule, permission, origin))
    .some(({ pattern }) => pattern !== undefined && mayMean(permission, subject, pattern));
}

/** Whatever is asked: nothing that may be denied comes before. */
function allowsAll(rules: readonly AskRule[], permission: string, origin: AskOrigin): boolean {
  const decisive = rules.find(
    (rule) => isAbout(rule, permission, origin) && (rule.action !== "allow" || rule.pattern === undefined || /^\*+$/.test(rule.pattern)),
  );
  return decisive?.action === "allow";
}

function isAbout(rule: AskRule, permission: string, { host, labels }: AskOrigin): boolean {
  return (
    fits(rule.permission, permission) &&
    fits(rule.host, host) &&
    (rule.label === undefined || labels.some((label) => fits(rule.label, label)))
  );
}

function fits(pattern: string | undefined, text: string): boolean {
  return pattern === undefined || fitsPattern(text, pattern);
}

function nameOf({ rule, number }: Hit): string {
  return `rule ${number} (${rule.permission ?? "*"}: ${rule.pattern ?? "*"})`;
}
