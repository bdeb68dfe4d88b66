import { statSync } from "node:fs";
import { open, rename, rm, truncate, writeFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import type { InstanceFolder } from "./launcher-folder";

/** A server writes a few lines; more than this is a fault that must not fill the disk. */
const logBytesMax = 4 * 1024 * 1024;
const tailBytesMax = 64 * 1024;
const lineCharactersMax = 500;
const sizeCheckIntervalMs = 10_000;

/** Puts the logs of the previous incarnation aside as `*.log.old`: what the files then hold is of this incarnation. */
export async function rotateLogs(folder: InstanceFolder): Promise<void> {
  for (const file of [folder.stdoutFile, folder.stderrFile]) {
    await rename(file, `${file}.old`).catch(() => rm(file, { force: true }));
  }
}

/** Keeps the logs of running servers below their limit, each until it ends. Never keeps this process alive. */
export function createLogLimiter(): (folder: InstanceFolder, ended: Promise<unknown>) => void {
  const folders = new Set<InstanceFolder>();
  let timer: NodeJS.Timeout | undefined;
  const limit = () => {
    for (const { stdoutFile, stderrFile } of folders) {
      for (const file of [stdoutFile, stderrFile]) void limitLog(file, logBytesMax).catch(() => undefined);
    }
  };
  return (folder, ended) => {
    folders.add(folder);
    timer ??= setInterval(limit, sizeCheckIntervalMs).unref();
    const forget = (): void => {
      folders.delete(folder);
      if (folders.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
    void ended.then(forget, forget);
  };
}

/** Above `bytesMax` keeps the end as `*.log.old` and empties the file; the server appends, so it goes on at the start. */
export async function limitLog(file: string, bytesMax: number): Promise<void> {
  // Read at once: the store is in the same place, and a trip through Node's threads costs fifty times as much.
  if (statSync(file).size <= bytesMax) return;
  await writeFile(`${file}.old`, (await readTail(file)).text, { mode: 0o600 });
  await truncate(file, 0);
}

/**
 * The last lines of a log, inert: no control characters, and no text of the user's configuration, which may hold keys and which
 * OpenCode prints when it is malformed. Empty when there is no log.
 */
export async function lastLines(file: string, linesMax: number): Promise<string> {
  return lastLinesOf(await readTail(file), linesMax);
}

/** The same of the end of a log, wherever it was read; `isCut` when there is more before it. */
export function lastLinesOf(tail: { readonly text: string; readonly isCut: boolean }, linesMax: number): string {
  const lines = withoutConfiguration(stripVTControlCharacters(tail.text), tail.isCut)
    .split(/\r\n|\n|\r/)
    .map((line) =>
      line
        .replaceAll("\t", "  ")
        .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
        .trimEnd()
        .slice(0, lineCharactersMax),
    )
    .filter((line) => line !== "");
  return lines.slice(-linesMax).join("\n");
}

async function readTail(file: string): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return { text: "", isCut: false };
  try {
    const { size } = await handle.stat();
    const position = Math.max(0, size - tailBytesMax);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, tailBytesMax)), 0, null, position);
    return { text: buffer.toString("utf8", 0, bytesRead), isCut: position > 0 };
  } finally {
    await handle.close();
  }
}

/**
 * OpenCode 1.18.33 prints `--- JSONC Input ---`, the whole file, `--- Errors ---`, and for each error its line again (`   Line 3: …`) with a
 * caret below; or `↳ Expected X, got VALUE path` (observed).
 */
function withoutConfiguration(text: string, isCut: boolean): string {
  const startsInside = isCut && text.includes("--- Errors ---") && !text.includes("--- JSONC Input ---");
  const visible = startsInside ? text.slice(text.indexOf("--- Errors ---")) : text;
  return visible
    .replaceAll(/--- JSONC Input ---[\s\S]*?(?=--- Errors ---|$)/g, "")
    .replaceAll(/^\s*Line \d+: .*(?:\n\s*\^)?/gm, "")
    .replaceAll(/^(↳ .*?), got .* (\S+)$/gmu, "$1 at $2");
}
