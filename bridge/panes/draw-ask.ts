import type { AskView, Question } from "../../shared/ask";
import { permissionLines } from "../ask-body";
import { oneLine } from "../inert";
import { type Line, span } from "../paint/line";
import { wrap } from "../paint/text";
import type { Answering } from "./answering";

const questionLinesMax = 4;
const optionsMax = 9;

/**
 * An ask with the keys that answer it, in at most `rows` lines; the last one holds the keys. What a permission is about and does not fit
 * is shown from line `from` on, and the lines that are not shown are counted.
 */
export function drawAsk(ask: AskView, answering: Answering | undefined, columns: number, rows: number, from = 0): readonly Line[] {
  if (ask.content.kind === "permission") return drawPermission(ask, ask.content, { columns, rows, from });
  const lines = drawQuestion(ask.content.questions, answering?.askId === ask.id ? answering : undefined, columns);
  return lines.length <= rows ? lines : [...lines.slice(0, Math.max(0, rows - 1)), ...lines.slice(-1)];
}

/** The first line that can be shown of so many, in so much room. */
export function lastFrom(lines: number, room: number): number {
  return Math.max(0, lines - Math.max(1, room));
}

type Permission = Extract<AskView["content"], { readonly kind: "permission" }>;

function drawPermission(
  ask: AskView,
  content: Permission,
  { columns, rows, from }: { readonly columns: number; readonly rows: number; readonly from: number },
): readonly Line[] {
  const body = permissionBody(content, columns);
  // The question, where it comes from, the keys.
  const room = rows - 3;
  const isCut = body.length > room;
  const first = isCut ? Math.min(from, lastFrom(body.length, room)) : 0;
  const shown = body.slice(first, first + Math.max(1, room));
  const keys: readonly (readonly [string, string])[] = [
    ["a", "allow once"],
    ["A", "always"],
    ["r", "reject"],
    ...(isCut ? ([["space b", `lines ${first + 1}-${first + shown.length} of ${body.length}`]] as const) : []),
  ];
  const head: Line = [span("⚠ ", "alarm"), span("may I ", "bold"), span(oneLine(content.permission), "alarm"), span("?", "bold")];
  const lines = [head, [span(`  ${oneLine(originOf(ask))}`, "dim")], ...shown, keysLine(keys)] satisfies readonly Line[];
  return lines.length <= rows ? lines : [head, keysLine(keys)].slice(0, rows);
}

/** Everything, in lines of that many columns. */
export function permissionBody(content: Permission, columns: number): readonly Line[] {
  return permissionLines(content).flatMap(({ kind, text }) =>
    wrap(text, columns - 2).map((line): Line => [span(`  ${line}`, looks[kind])]),
  );
}

const looks = { text: "plain", label: "dim", added: "green", removed: "red" } as const;

/** A time of the clock stays right on a screen that is drawn only when something changes. */
function originOf({ taskTitle, instanceName, host, askedAtEpochMs, sessionId, rootSessionId }: AskView): string {
  const since = new Date(askedAtEpochMs).toTimeString().slice(0, 5);
  const who = `${taskTitle ?? "a session of yours"}${sessionId === rootSessionId ? "" : ", a subagent"}`;
  return `since ${since}, on ${instanceName} (${host}), for ${who}`;
}

function drawQuestion(questions: readonly Question[], answering: Answering | undefined, columns: number): readonly Line[] {
  const at = answering?.done.length ?? 0;
  const question = questions[at];
  if (!question) return [];
  const chosen = answering?.chosen ?? [];
  const count = questions.length > 1 ? ` ${at + 1} of ${questions.length}` : "";
  const text = limited(wrap(question.question, columns - 2), questionLinesMax);
  const options = question.options.slice(0, optionsMax).map(({ label, description }, index): Line => {
    const mark = question.multiple ? (chosen.includes(label) ? "[x] " : "[ ] ") : "";
    return [span(`  ${index + 1} `, "cyan"), span(`${mark}${oneLine(label)}`, "bold"), span(` ${oneLine(description)}`, "dim")];
  });
  const more = question.options.length - optionsMax;
  return [
    [span("⚠ ", "alarm"), span(`${oneLine(question.header) || "question"}${count}`, "alarm")],
    ...text.map((line): Line => [span(`  ${line}`)]),
    ...options,
    ...(more > 0 ? [[span(`  and ${more} more: answer those with octo answer`, "dim")]] : []),
    keysLine([
      ["1-9", question.multiple ? "choose" : "answer"],
      ...(chosen.length > 0 ? ([["⏎", `send ${chosen.length} chosen`]] as const) : []),
      ["r", "reject"],
    ]),
  ];
}

export function keysLine(keys: readonly (readonly [string, string])[]): Line {
  return keys.flatMap(([key, what], index) => [span(`${index > 0 ? "   " : "  "}`), span(key, "cyan"), span(` ${what}`, "dim")]);
}

function limited(lines: readonly string[], linesMax: number): readonly string[] {
  return lines.length <= linesMax ? lines : [...lines.slice(0, linesMax - 1), `… ${lines.length - linesMax + 1} more lines`];
}
