import type { Readable } from "node:stream";

/** The beginning of what a program writes; past a limit its pipes are closed. */
export class BoundedOutput {
  readonly #keptBytes: number;
  readonly #bytesMax: number;
  readonly #chunks: Buffer[] = [];
  #kept = 0;
  #seen = 0;

  constructor(options: { readonly keptBytes: number; readonly bytesMax: number }) {
    this.#keptBytes = options.keptBytes;
    this.#bytesMax = options.bytesMax;
  }

  read(stream: Readable): void {
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => {
      this.#take(chunk);
      if (this.#seen > this.#bytesMax) stream.destroy();
    });
  }

  text(): string {
    const text = new TextDecoder().decode(Buffer.concat(this.#chunks));
    return this.#seen > this.#kept ? `${text}\n[${this.#seen - this.#kept} more bytes not kept]` : text;
  }

  #take(chunk: Buffer): void {
    this.#seen += chunk.length;
    const room = this.#keptBytes - this.#kept;
    if (room <= 0) return;
    const piece = Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(piece);
    this.#kept += piece.length;
  }
}
