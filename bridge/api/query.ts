import { z } from "zod";
import type { TaskId } from "../../shared/ids";
import { limits } from "../../shared/protocol";
import type { ScreenTarget } from "../panes/pane-world";
import { instanceId, taskId } from "./fields";
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
const streamSchema = z.strictObject({ output: taskId.optional(), lines: z.enum(["0", "1"]).optional() });

/** REQUEST_INVALID names the wrong, unknown or repeated field. */
export function parsePollQuery(search: URLSearchParams): PollQuery {
  const { since, waitMs, gui } = parseRequest(pollSchema, fieldsOf(search), "query");
  return { since, waitMs: waitMs ?? waitMsDefault, guiId: gui };
}

/** What a stream brings besides the state. */
export interface StreamQuery {
  readonly output?: TaskId | undefined;
  readonly lines: boolean;
}

/** REQUEST_INVALID as above. */
export function parseStreamQuery(search: URLSearchParams): StreamQuery {
  const { output, lines } = parseRequest(streamSchema, fieldsOf(search), "query");
  return { output, lines: lines === "1" };
}

/** Where and how a pane's screen is drawn. */
export interface ScreenQuery {
  readonly screen: string;
  readonly target: ScreenTarget;
  readonly columns: number;
  readonly rows: number;
  readonly colours: boolean;
  /** The pane of WezTerm that it is in. */
  readonly pane?: { readonly guiId: number; readonly paneId: number } | undefined;
}

const screenName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be a name of 1 to 64 letters, digits, dashes or underscores");
const screenTarget = z.union([
  instanceId.transform((id): ScreenTarget => ({ kind: "instance", id })),
  taskId.transform((id): ScreenTarget => ({ kind: "task", id })),
]);
const cells = digits.transform(Number).refine((count) => count >= 1 && count <= 2_000, "must be from 1 to 2000");
const screenSchema = z
  .strictObject({
    screen: screenName,
    target: screenTarget,
    columns: cells,
    rows: cells,
    colours: z.enum(["0", "1"]).optional(),
    gui: digits.transform(Number).optional(),
    pane: digits.transform(Number).optional(),
  })
  .refine(({ columns, rows }) => columns * rows <= limits.screenCellsMax, {
    path: ["rows"],
    message: `must leave the screen at most ${limits.screenCellsMax} cells`,
  });
const keySchema = z.strictObject({ screen: screenName });
const attachSchema = z.strictObject({ screen: screenName.optional(), target: screenTarget });

/** REQUEST_INVALID as above, as of the next two. */
export function parseScreenQuery(search: URLSearchParams): ScreenQuery {
  const { gui, pane, colours, ...rest } = parseRequest(screenSchema, fieldsOf(search), "query");
  return { ...rest, colours: colours !== "0", pane: gui !== undefined && pane !== undefined ? { guiId: gui, paneId: pane } : undefined };
}

export function parseKeyQuery(search: URLSearchParams): { readonly screen: string } {
  return parseRequest(keySchema, fieldsOf(search), "query");
}

export function parseAttachQuery(search: URLSearchParams): { readonly screen?: string | undefined; readonly target: ScreenTarget } {
  return parseRequest(attachSchema, fieldsOf(search), "query");
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
