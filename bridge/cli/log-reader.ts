import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isSameFile, logFileNames } from "../log-file";
import { systemErrorCode } from "../system-error-code";

const chunkBytesMax = 1024 * 1024;

/** Of each of its files, at first. */
const lastBytesMax = 4 * 1024 * 1024;

/**
 * Reads a log that is rotated while it is read, each line once and in order: what was open stays open until it is read to its end, and the
 * file that came after it is the one beside it. Lines that were deleted before they were read are counted as one gap.
 */
export class LogReader {
  readonly #path: string;
  #file: number | undefined;
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** How often files were deleted before they were read. */
  gaps = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The last whole lines there are, also of older files; what comes after them is what `next` brings. */
  last(linesMax: number): readonly string[] {
    this.#file = openIfThere(this.#path);
    const size = this.#file === undefined ? 0 : fstatSync(this.#file).size;
    const lines = [...this.#tail(size)];
    for (const older of logFileNames(this.#path).slice(1)) {
      if (lines.length >= linesMax) break;
      const file = openIfThere(older);
      if (file === undefined) break;
      // Moved there since it was opened.
      if (this.#file !== undefined && isSameFile(this.#file, older)) {
        closeSync(file);
        continue;
      }
      const reader = new LogReader(older);
      reader.#file = file;
      lines.unshift(...reader.#tail(fstatSync(file).size));
      reader.close();
    }
    return lines.slice(-linesMax);
  }

  /** Whole lines since the last call. */
  next(): readonly string[] {
    const lines: string[] = [];
    if (this.#file === undefined) this.#file = openIfThere(this.#path);
    while (this.#file !== undefined) {
      const file = this.#file;
      // In this order: what is written before it was moved is read before it is left.
      const isMoved = !isSameFile(file, this.#path);
      lines.push(...this.#toEnd(file));
      const next = isMoved ? this.#after(file) : undefined;
      if (next === undefined) break;
      closeSync(file);
      this.#file = next;
      this.#offset = 0;
      this.#rest = Buffer.alloc(0);
    }
    return lines;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #tail(size: number): readonly string[] {
    if (this.#file === undefined) return [];
    this.#offset = Math.max(0, size - lastBytesMax);
    const isCut = this.#offset > 0;
    return this.#toEnd(this.#file).slice(isCut ? 1 : 0);
  }

  #toEnd(file: number): readonly string[] {
    const lines: string[] = [];
    for (;;) {
      const chunk = Buffer.alloc(Math.min(chunkBytesMax, Math.max(0, fstatSync(file).size - this.#offset)));
      const read = chunk.length === 0 ? 0 : readSync(file, chunk, 0, chunk.length, this.#offset);
      if (read === 0) return lines;
      this.#offset += read;
      const text = Buffer.concat([this.#rest, chunk.subarray(0, read)]);
      const end = text.lastIndexOf("\n") + 1;
      this.#rest = text.subarray(end);
      if (end > 0) lines.push(...text.toString("utf8", 0, end - 1).split("\n"));
    }
  }

  /** The file that was begun after this one, or undefined while there is none yet. */
  #after(file: number): number | undefined {
    const names = logFileNames(this.#path);
    const index = names.findIndex((name) => isSameFile(file, name));
    // Not found while it is being moved is not deleted.
    if (index < 0) return fstatSync(file).nlink === 0 ? this.#oldest(names) : undefined;
    const next = openIfThere(names[index - 1] ?? this.#path);
    // They are moved from the oldest on: as long as this one stands where it stood, so did the next.
    if (next === undefined || isSameFile(file, names[index] ?? this.#path)) return next;
    closeSync(next);
    return undefined;
  }

  #oldest(names: readonly string[]): number | undefined {
    for (const name of names.toReversed()) {
      const file = openIfThere(name);
      if (file === undefined) continue;
      this.gaps += 1;
      return file;
    }
    return undefined;
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}
