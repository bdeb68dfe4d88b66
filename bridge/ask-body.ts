import type { AskContent, AskDetail } from "../shared/ask";
import { inert, oneLine } from "./inert";

/** One line of what is asked; inert, not wrapped. */
export interface AskLine {
  readonly kind: "text" | "label" | "added" | "removed";
  readonly text: string;
}

/** Everything that a permission would let happen, whole: its patterns, the command, the diff, and what "always" would allow. */
export function permissionLines(content: Extract<AskContent, { readonly kind: "permission" }>): readonly AskLine[] {
  const { patterns, patternsLeftOut, details, always } = content;
  // A single command is its own pattern.
  const isTold = patterns.length === 1 && details.some(({ text }) => text === patterns[0]);
  const lines = isTold ? [] : patterns.flatMap((pattern) => textLines(pattern));
  if (patternsLeftOut > 0) lines.push(label(`and ${patternsLeftOut} more that are not shown`));
  for (const detail of details) lines.push(...detailLines(detail));
  if (always.length > 0) lines.push(label(`always would allow: ${oneLine(always.join(", "))}`));
  return lines;
}

function detailLines({ name, text }: AskDetail): readonly AskLine[] {
  const lines = textLines(text);
  const [first] = lines;
  if (first && lines.length === 1) return [{ kind: "text", text: `${inert(name)}: ${first.text}` }];
  return [label(`${inert(name)}:`), ...(name === "diff" ? lines.map(coloured) : lines)];
}

/** What the lines of a unified diff do. */
function coloured({ text }: AskLine): AskLine {
  if (/^(\+\+\+|---) /.test(text)) return label(text);
  if (text.startsWith("+")) return { kind: "added", text };
  return text.startsWith("-") ? { kind: "removed", text } : { kind: "text", text };
}

function label(text: string): AskLine {
  return { kind: "label", text };
}

function textLines(text: string): AskLine[] {
  return inert(text.replace(/\r\n?/g, "\n").replace(/\n+$/, ""))
    .split("\n")
    .map((line) => ({ kind: "text", text: line.replaceAll("\t", "  ") }));
}
