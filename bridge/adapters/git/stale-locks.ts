import { rm, stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const pollMs = 25;

/**
 * Waits until the lock files are gone, and removes those that stay unchanged for `graceMs`: a worktree of the pool has one owner, so
 * they are of a git that died with an earlier bridge or instance.
 */
export async function clearStaleLocks(paths: readonly string[], graceMs: number): Promise<void> {
  await Promise.all(paths.map((path) => clearStaleLock(path, graceMs)));
}

async function clearStaleLock(path: string, graceMs: number): Promise<void> {
  let waitedMs = 0;
  let seen = await fingerprint(path);
  while (seen !== undefined) {
    if (waitedMs >= graceMs) return await rm(path, { force: true });
    await delay(pollMs);
    const now = await fingerprint(path);
    waitedMs = now === seen ? waitedMs + pollMs : 0;
    seen = now;
  }
}

async function fingerprint(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : `${found.ino} ${found.size} ${found.mtimeMs}`;
}
