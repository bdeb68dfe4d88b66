/** Lines that stay in place on a terminal; elsewhere nothing is drawn. Only lines that changed are written. */
export class LiveView {
  readonly #stream: NodeJS.WriteStream;
  #shown: readonly string[] = [];

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  get isLive(): boolean {
    return this.#stream.isTTY === true && process.env.TERM !== "dumb";
  }

  show(lines: readonly string[]): void {
    if (!this.isLive) return;
    const before = this.#shown;
    const up = before.length > 0 ? `\u001b[${before.length}A` : "";
    const drawn = lines.map((line, index) => (line === before[index] ? "\u001b[1B\r" : `\r\u001b[2K${line}\n`));
    this.#stream.write(`${up}${drawn.join("")}`);
    this.#shown = lines;
  }

  /** Leaves what is shown where it is; the next `show` begins below. */
  release(): void {
    this.#shown = [];
  }
}
