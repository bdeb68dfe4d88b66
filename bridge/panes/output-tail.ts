import type { OutputEntry } from "../../shared/stream";

/** A piece of what a task said: text as it came, or a tool with its latest status. */
export type OutputPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool"; readonly line: string; readonly status: string };

/** The last of a task's output: enough for the largest screen, however long the task talks. */
export type OutputTail = readonly OutputPiece[];

const charsMax = 16 * 1024;
const piecesMax = 200;

export function withEntries(tail: OutputTail, entries: readonly OutputEntry[]): OutputTail {
  const pieces = [...tail];
  for (const entry of entries) {
    if (entry.kind === "text") appendText(pieces, entry.text);
    else noteTool(pieces, `${entry.name} ${entry.title}`, entry.status);
  }
  return limited(pieces);
}

function appendText(pieces: OutputPiece[], text: string): void {
  const last = pieces.at(-1);
  if (last?.kind !== "text") return void pieces.push({ kind: "text", text: text.slice(-charsMax) });
  // Cut at twice the limit, not at each letter.
  const isLong = last.text.length + text.length > 2 * charsMax;
  pieces[pieces.length - 1] = { kind: "text", text: isLong ? (last.text + text).slice(-charsMax) : last.text + text };
}

/** The same tool again is the same call, further on. */
function noteTool(pieces: OutputPiece[], line: string, status: string): void {
  const at = pieces.findLastIndex((piece) => piece.kind === "tool" && piece.line === line);
  const known = pieces[at];
  const goesOn = known?.kind === "tool" && known.status !== "completed" && known.status !== "error";
  if (goesOn) pieces[at] = { kind: "tool", line, status };
  else pieces.push({ kind: "tool", line, status });
}

/** The last piece stays, however long it is. */
function limited(pieces: readonly OutputPiece[]): OutputTail {
  let chars = 0;
  let first = pieces.length - 1;
  for (let index = first; index >= 0 && pieces.length - index <= piecesMax; index -= 1) {
    const piece = pieces[index];
    chars += piece === undefined ? 0 : piece.kind === "text" ? piece.text.length : piece.line.length;
    if (chars > charsMax && index < pieces.length - 1) break;
    first = index;
  }
  return first <= 0 ? pieces : pieces.slice(first);
}
