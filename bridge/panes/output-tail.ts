import type { OutputEntry } from "../../shared/protocol";

/** A piece of what a task said: text as it came, or a tool with its latest status. */
export type OutputPiece = { readonly kind: "text"; text: string } | { readonly kind: "tool"; readonly line: string; status: string };

const charsMax = 16 * 1024;
const piecesMax = 200;

/** The last of a task's output: enough for the largest screen, however long the task talks. */
export class OutputTail {
  #pieces: OutputPiece[] = [];
  #chars = 0;

  get pieces(): readonly OutputPiece[] {
    return this.#pieces;
  }

  append(entry: OutputEntry): void {
    if (entry.kind === "text") this.#appendText(entry.text);
    else this.#noteTool(`${entry.name} ${entry.title}`, entry.status);
    while (this.#pieces.length > piecesMax) this.#drop();
    while (this.#chars > charsMax && this.#pieces.length > 1) this.#drop();
  }

  #appendText(text: string): void {
    const last = this.#pieces.at(-1);
    this.#chars += text.length;
    if (last?.kind !== "text") this.#pieces.push({ kind: "text", text: text.slice(-charsMax) });
    else {
      // Cut at twice the limit, not at each letter.
      last.text = last.text.length + text.length > 2 * charsMax ? (last.text + text).slice(-charsMax) : last.text + text;
    }
  }

  /** The same tool again is the same call, further on. */
  #noteTool(line: string, status: string): void {
    const known = this.#pieces.findLast((piece) => piece.kind === "tool" && piece.line === line);
    if (known?.kind === "tool" && known.status !== "completed" && known.status !== "error") known.status = status;
    else {
      this.#pieces.push({ kind: "tool", line, status });
      this.#chars += line.length;
    }
  }

  #drop(): void {
    const dropped = this.#pieces.shift();
    if (dropped) this.#chars -= dropped.kind === "text" ? dropped.text.length : dropped.line.length;
  }
}
