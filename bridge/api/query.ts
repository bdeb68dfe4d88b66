import { z } from "zod";
import type { TaskId } from "../../shared/ids";
import { limits } from "../../shared/protocol";
import { taskId } from "./fields";
import { parseRequest } from "./invalid";

export interface PollQuery {
  /** Absent: answer at once. */
  readonly since: number | undefined;
  readonly waitMs: number;
  /** The GUI of WezTerm that asks, which gets its panes too. */
  readonly guiId?: number | undefined;
}

const waitMsDefault = 25_000;

const digits = z.string().regex(/^\d{1,15}$/, "must be a whole number");
const pollSchema = z.strictObject({
  since: digits.transform(Number).optional(),
  waitMs: digits
    .transform(Number)
    .refine((waitMs) => waitMs <= limits.pollWaitMsMax, `must be at most ${limits.pollWaitMsMax}`)
    .optional(),
  gui: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, "must be a process id")
    .transform(Number)
    .optional(),
});
const streamSchema = z.strictObject({ output: taskId.optional() });

/** REQUEST_INVALID names the wrong, unknown or repeated field. */
export function parsePollQuery(search: URLSearchParams): PollQuery {
  const { since, waitMs, gui } = parseRequest(pollSchema, fieldsOf(search), "query");
  return { since, waitMs: waitMs ?? waitMsDefault, guiId: gui };
}

/** REQUEST_INVALID as above. */
export function parseStreamQuery(search: URLSearchParams): { readonly output?: TaskId | undefined } {
  return parseRequest(streamSchema, fieldsOf(search), "query");
}

/** A repeated field becomes a list, which no schema accepts. */
function fieldsOf(search: URLSearchParams): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    [...new Set(search.keys())].map((key) => {
      const values = search.getAll(key);
      return [key, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
