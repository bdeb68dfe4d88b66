import type { z } from "zod";
import { type Config, configSchema } from "./config";
import { type ConfigFault, readConfigText } from "./config-text";
import { configFields, valueAt } from "./fields";
import { nearest } from "./nearest";

export interface CheckedConfig {
  /** Undefined when something is wrong. */
  readonly config: Config | undefined;
  /** All of them, by line. */
  readonly faults: readonly ConfigFault[];
}

const valueLengthMax = 80;

/** Checks the text of a configuration file as a whole. Raises nothing. */
export function checkConfigText(text: string): CheckedConfig {
  const { value, faults, lineOf } = readConfigText(text);
  const parsed = configSchema.safeParse(value);
  // What a broken text seems to say would be told as faults that are none.
  const broken = faults.some(({ field }) => field === "");
  const issues = broken || parsed.success ? [] : parsed.error.issues;
  const all = [...faults, ...issues.flatMap((issue) => faultsOf(issue, value, lineOf))].sort((left, right) => left.line - right.line);
  return { config: all.length === 0 ? parsed.data : undefined, faults: all };
}

function faultsOf(issue: z.core.$ZodIssue, whole: unknown, lineOf: (path: readonly (string | number)[]) => number): readonly ConfigFault[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ field: [...path, key].join("."), line: lineOf([...path, key]), message: unknownField(path, key) }));
  }
  const field = path.join(".");
  const value = isSecret(path) ? undefined : valueAt(whole, path.map(String));
  const is = value === undefined ? "" : ` is ${shown(value)}`;
  return [{ field, line: lineOf(path), message: `${field === "" ? "the file" : field}${is}: ${expectation(issue.message)}` }];
}

/** Without zod's own beginning: "Too big: expected …". */
function expectation(message: string): string {
  const told = message.replace(/^(?:Invalid \w+|Too (?:big|small)): /, "");
  return told.charAt(0).toLowerCase() + told.slice(1);
}

function shown(value: unknown): string {
  const text = typeof value === "object" && value !== null ? (Array.isArray(value) ? "a list" : "an object") : JSON.stringify(value);
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text;
}

function isSecret(path: readonly (string | number)[]): boolean {
  return configFields().some(({ secret, path: field }) => secret && field.every((name, index) => path[index] === name));
}

function unknownField(path: readonly (string | number)[], key: string): string {
  const name = [...path, key].join(".");
  const guess = likeliest(path, key);
  return `${name}: there is no such field${guess === undefined ? "" : `; did you mean ${guess}?`}`;
}

/** A sibling with a name like it, or the same name in another section. */
function likeliest(path: readonly (string | number)[], key: string): string | undefined {
  const fields = configFields().map(({ path: field }) => field);
  const siblings = fields.filter((field) => path.every((name, index) => field[index] === name)).map((field) => field[path.length] ?? "");
  const sibling = nearest(key, [...new Set(siblings)]);
  if (sibling !== undefined) return [...path, sibling].join(".");
  const names = nearest(
    key,
    fields.map((field) => field.at(-1) ?? ""),
  );
  return fields.find((field) => field.at(-1) === names)?.join(".");
}
