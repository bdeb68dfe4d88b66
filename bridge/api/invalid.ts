import type { z } from "zod";
import { type ErrorCode, errorCodes } from "../../shared/errors";
import { OctoError } from "../octo-error";

const messageCharsMax = 600;
const issuesShownMax = 3;

/**
 * Parses what a client sent. Raises REQUEST_INVALID naming each wrong field (`params.after[2]: …`), or the code that a
 * schema's own check carries in its issue (`{ code: "custom", params: { code: "PROMPT_EMPTY" } }`).
 */
export function parseRequest<Value>(schema: z.ZodType<Value>, value: unknown, root: string): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues;
  const shown = issues.slice(0, issuesShownMax).map((issue) => `${fieldName(root, issue.path)}: ${issue.message}`);
  const more = issues.length > issuesShownMax ? [`and ${issues.length - issuesShownMax} more`] : [];
  throw new OctoError(ownCode(issues[0]) ?? "REQUEST_INVALID", shorten([...shown, ...more].join("; ")));
}

function fieldName(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => (typeof key === "number" ? `${name}[${key}]` : `${name}.${String(key)}`), root);
}

function ownCode(issue: z.core.$ZodIssue | undefined): ErrorCode | undefined {
  const code: unknown = issue?.code === "custom" ? issue.params?.code : undefined;
  return typeof code === "string" && isErrorCode(code) ? code : undefined;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}

function shorten(message: string): string {
  return message.length <= messageCharsMax ? message : `${message.slice(0, messageCharsMax)}…`;
}
