import { oneLine } from "../inert";
import type { Size } from "../paint/frame";
import { clip, type Line, lineWidth, span } from "../paint/line";
import { rowsOf } from "../paint/text";
import { windowStart } from "../paint/window";
import type { Dialog, EntryPurpose } from "./state";

type Entry = Extract<Dialog, { readonly kind: "entry" }>;

const rowsMax = 8;

/** What is being typed, below a line that says what for; with the place of the caret in it. */
export function drawEntry(
  { purpose, editor }: Entry,
  { columns, rows }: Size,
): {
  readonly lines: readonly Line[];
  readonly caret: { readonly row: number; readonly column: number };
} {
  if (purpose.kind === "find") {
    const shown = rowsOf(editor.text, columns - 2, editor.caret);
    const line = shown.rows[shown.caret.row] ?? "";
    return { lines: [[span("/", "cyan"), span(line)]], caret: { row: 0, column: 1 + shown.caret.column } };
  }
  const { rows: typed, caret } = rowsOf(editor.text, columns - 3, editor.caret);
  const height = Math.min(typed.length, rowsMax, Math.max(1, rows - 3));
  const start = windowStart(typed.length, caret.row, height);
  const lines = typed.slice(start, start + height).map((text): Line => [span("▏ ", "cyan"), span(text)]);
  return { lines: [title(purpose, columns), ...lines], caret: { row: 1 + caret.row - start, column: 2 + caret.column } };
}

function title(purpose: EntryPurpose, columns: number): Line {
  const text: Line = [span("── ", "cyan"), span(whatFor(purpose), "bold"), span("  ⏎ sends  Alt-⏎ new line  Esc leaves it ", "dim")];
  return clip([...text, span("─".repeat(Math.max(0, columns - lineWidth(text))), "dim")], columns);
}

function whatFor(purpose: EntryPurpose): string {
  switch (purpose.kind) {
    case "find":
      return "find";
    case "prompt":
      return `prompt for ${oneLine(purpose.directory)}${purpose.instance ? ` on ${oneLine(purpose.instance.name)}` : ""}`;
    case "reply":
      return "reply";
    case "deny":
      return "deny: with a message it goes on, without one it stops";
  }
}
