import type { OutputEntry } from "../../shared/stream";
import { oneLine } from "../inert";

const charsMax = 200;

/** The end of the last line that holds anything, or the last tool where nothing was said after it. */
export function lastLine(entries: readonly OutputEntry[]): string {
  let text = "";
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry?.kind === "tool") return lineOf(text) || oneLine(`▸ ${entry.name} ${entry.title} ${entry.status}`).slice(0, charsMax);
    text = `${entry?.text ?? ""}${text}`;
    const line = lineOf(text);
    if (line.length >= charsMax || (line !== "" && text.trimEnd().includes("\n"))) return line;
  }
  return lineOf(text);
}

function lineOf(text: string): string {
  const trimmed = text.trimEnd();
  return oneLine(trimmed.slice(trimmed.lastIndexOf("\n") + 1)).slice(-charsMax);
}
