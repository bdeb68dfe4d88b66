import type { AskView, Question } from "../../shared/ask";
import { type Line, span } from "../paint/line";
import { oneLine, wrap } from "../paint/text";
import type { Answering } from "./answering";

const patternLinesMax = 4;
const questionLinesMax = 4;
const optionsMax = 9;

/** An ask with the keys that answer it, in at most `rows` lines; the last one holds the keys. */
export function drawAsk(ask: AskView, answering: Answering | undefined, columns: number, rows: number): readonly Line[] {
  const { content } = ask;
  const lines =
    content.kind === "permission"
      ? drawPermission(content.permission, content.patterns, content.always, columns)
      : drawQuestion(content.questions, answering?.askId === ask.id ? answering : undefined, columns);
  return lines.length <= rows ? lines : [...lines.slice(0, Math.max(0, rows - 1)), ...lines.slice(-1)];
}

function drawPermission(permission: string, patterns: readonly string[], always: readonly string[], columns: number): readonly Line[] {
  const asked = limited(
    patterns.flatMap((pattern) => wrap(pattern, columns - 2)),
    patternLinesMax,
  );
  return [
    [span("⚠ ", "alarm"), span("may I ", "bold"), span(oneLine(permission), "alarm"), span("?", "bold")],
    ...asked.map((line): Line => [span(`  ${line}`)]),
    ...(always.length > 0 ? [[span(`  always would allow: ${oneLine(always.join(", "))}`, "dim")]] : []),
    keysLine([
      ["a", "allow once"],
      ["A", "always"],
      ["r", "reject"],
    ]),
  ];
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
