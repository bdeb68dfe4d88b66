import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Folders } from "../folders";

/** A taker that died left its file: after so long nobody waits for it any more. */
const fileAgeMaxMs = 30_000;
const roundMs = 50;

const fileOf = (socketFile: string): string => join(dirname(socketFile), "taking-over");

/** While it runs, clients that find no bridge wait for the next one in place of saying so, and start none of their own. */
export async function whileTakingOver<Result>({ socketFile }: Folders, run: () => Promise<Result>): Promise<Result> {
  await writeFile(fileOf(socketFile), String(process.pid), { mode: 0o600 });
  try {
    return await run();
  } finally {
    await rm(fileOf(socketFile), { force: true });
  }
}

/** Waits while another process is about to start the next bridge. False at once when none is, or at the deadline. */
export async function waitForTakeOver(socketPath: string, deadlineMs: number): Promise<boolean> {
  if (!(await isTakingOver(socketPath))) return false;
  const endAtMs = performance.now() + deadlineMs;
  while (await isTakingOver(socketPath)) {
    if (performance.now() > endAtMs) return false;
    await pause(roundMs);
  }
  return true;
}

async function isTakingOver(socketPath: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, taker] = await Promise.all([stat(fileOf(socketPath)), readFile(fileOf(socketPath), "utf8")]);
    return taker !== String(process.pid) && Math.abs(Date.now() - mtimeMs) < fileAgeMaxMs;
  } catch {
    return false;
  }
}
