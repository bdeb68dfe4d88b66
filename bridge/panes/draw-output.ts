import type { TaskView } from "../../shared/task";
import { oneLine } from "../inert";
import { type Line, span } from "../paint/line";
import { wrap } from "../paint/text";
import type { OutputPiece } from "./output-tail";

/** The last `rows` lines of what the task said; of an ended one's last words where nothing else is kept. */
export function drawOutput(task: TaskView, pieces: readonly OutputPiece[], columns: number, rows: number): readonly Line[] {
  const shown: readonly OutputPiece[] = pieces.length > 0 ? pieces : [{ kind: "text", text: task.text }];
  const lines: Line[] = [];
  // From the end, so that what is not shown is not wrapped either.
  for (let index = shown.length - 1; index >= 0 && lines.length < rows; index -= 1) {
    const piece = shown[index];
    if (piece) lines.unshift(...drawPiece(piece, columns, rows));
  }
  return lines.slice(-rows);
}

function drawPiece(piece: OutputPiece, columns: number, rows: number): readonly Line[] {
  if (piece.kind === "tool") {
    const look = piece.status === "error" ? "red" : "dim";
    return [[span("▸ ", "cyan"), span(oneLine(piece.line)), span(` ${oneLine(piece.status)}`, look)]];
  }
  // No more letters than fill the rows.
  const text = piece.text.slice(-columns * rows * 2);
  const lines = wrap(text, columns).map((line): Line => [span(line)]);
  return piece.text.endsWith("\n") ? lines.slice(0, -1) : lines;
}
