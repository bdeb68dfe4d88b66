import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { OctoError } from "../../octo-error";
import { isPerhapsFull } from "./storage-error";

const chunkBytes = 1024 * 1024;

/**
 * A file that holds disk space in reserve. On a full disk not even a checkpoint or a DELETE succeeds (measured); giving the
 * ballast up lets what is under way be written down, while `checkFreeSpace` refuses new work.
 */
export class Ballast {
  readonly #path: string;
  readonly #bytes: number;
  readonly #freeBytesMin: number;

  constructor(options: { readonly path: string; readonly bytes: number; readonly freeBytesMin: number }) {
    this.#path = options.path;
    this.#bytes = options.bytes;
    this.#freeBytesMin = options.freeBytesMin;
  }

  /** Raises STORE_FULL when new work may fill the disk. Makes the ballast anew once there is space for it again. */
  checkFreeSpace(): void {
    const freeBytes = this.#freeBytes();
    const isWhole = this.#isWhole();
    const neededBytes = this.#freeBytesMin + (isWhole ? 0 : this.#bytes);
    if (freeBytes < neededBytes) {
      throw new OctoError(
        "STORE_FULL",
        `${dirname(this.#path)} has ${megabytes(freeBytes)} MB free; new work needs ${megabytes(neededBytes)} MB`,
      );
    }
    if (!isWhole) this.#make();
  }

  /** Does `work`; when the disk seems full, gives up the ballast, calls `relieve` and does it once more. */
  runWith<Result>(work: () => Result, relieve: () => void = () => {}): Result {
    try {
      return work();
    } catch (thrown) {
      if (!isPerhapsFull(thrown)) throw thrown;
    }
    rmSync(this.#path, { force: true });
    relieve();
    return work();
  }

  #isWhole(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.size === this.#bytes;
  }

  #freeBytes(): number {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    return bavail * bsize;
  }

  /** Real blocks: file systems that compress or leave holes make nothing of zeros. */
  #make(): void {
    const chunk = randomBytes(Math.min(chunkBytes, this.#bytes));
    try {
      const file = openSync(this.#path, "w", 0o600);
      try {
        for (let written = 0; written < this.#bytes; ) {
          written += writeSync(file, chunk, 0, Math.min(chunk.length, this.#bytes - written));
        }
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch (thrown) {
      rmSync(this.#path, { force: true });
      throw new OctoError("STORE_FULL", `no space for the reserve ${this.#path}`, { cause: thrown });
    }
  }
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
