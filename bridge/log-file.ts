import { closeSync, fstatSync, ftruncateSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";

export interface LogLimits {
  /** Of one file. */
  readonly bytesMax: number;
  /** Older files kept besides the one that is written: `NAME.1` is the youngest. */
  readonly filesMax: number;
}

export const defaultLogLimits: LogLimits = { bytesMax: 10 * 1024 * 1024, filesMax: 3 };

/** No configuration keeps more. */
export const logFilesMax = 20;

/** From the file itself to its oldest, whether they are there or not. */
export function logFileNames(path: string): readonly string[] {
  return [path, ...Array.from({ length: logFilesMax }, (_, index) => `${path}.${index + 1}`)];
}

/** `path` becomes `path.1`, that one `path.2`, and so on from the oldest on: a reader finds each where it was or one further. */
function shiftLogFiles(path: string, filesMax: number): void {
  const names = logFileNames(path);
  for (const name of names.slice(filesMax + 1)) rmSync(name, { force: true });
  for (let index = filesMax; index > 0; index -= 1) moveIfThere(names[index - 1] ?? path, names[index] ?? path);
  if (filesMax === 0) rmSync(path, { force: true });
}

/**
 * A log that only grows to its limit. Each line is in the file when `write` returns, so that a crash loses none; what cannot be written
 * (a full disk) is counted, and told once there is room again. Nothing is rotated before `limit`: only the bridge that holds the lock may.
 */
export class LogFile {
  readonly #path: string;
  #file: number;
  #size: number;
  #limits: LogLimits | undefined;
  #lost = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openPrivate(path);
    this.#size = fstatSync(this.#file).size;
  }

  limit(limits: LogLimits): void {
    this.#limits = limits;
  }

  /** Never raises: a log that cannot be written must not end what it tells of. */
  write(line: string): void {
    try {
      const bytes = Buffer.from(line);
      this.#makeRoom(bytes.length);
      if (this.#lost > 0)
        this.#append(Buffer.from(`${JSON.stringify({ level: 40, msg: "lines of the log were lost", lines: this.#lost })}\n`));
      this.#lost = 0;
      this.#append(bytes);
    } catch {
      this.#lost += 1;
    }
  }

  /** For those who open more than one in a process. */
  close(): void {
    closeSync(this.#file);
  }

  #append(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
      this.#size += written;
    } catch (thrown) {
      // Half a line would spoil the next one.
      if (written > 0) ftruncateSync(this.#file, fstatSync(this.#file).size - written);
      throw thrown;
    }
  }

  #makeRoom(bytes: number): void {
    if (!this.#limits || this.#size === 0 || this.#size + bytes <= this.#limits.bytesMax) return;
    // Somebody may have moved it away already.
    if (isSameFile(this.#file, this.#path)) shiftLogFiles(this.#path, this.#limits.filesMax);
    const next = openPrivate(this.#path);
    closeSync(this.#file);
    this.#file = next;
    this.#size = fstatSync(next).size;
  }
}

/** Whether what is open is the file that the path names now. */
export function isSameFile(file: number, path: string): boolean {
  const named = statSync(path, { throwIfNoEntry: false });
  const open = fstatSync(file);
  return named !== undefined && named.ino === open.ino && named.dev === open.dev;
}

function openPrivate(path: string): number {
  return openSync(path, "a", 0o600);
}

function moveIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })) renameSync(from, to);
}
