import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../parse-json";
import type { Processes } from "../../ports/processes";

const lockMeta = z.object({ pid: z.number().int().positive(), hostname: z.string() });

const locksMax = 1_000;

/** Where OpenCode keeps its locks: one folder `<hash>.lock` each, with `meta.json` and `heartbeat` (observed in 1.18.33). */
export function locksFolder(environment: Readonly<Record<string, string>>): string {
  const stateHome = environment.XDG_STATE_HOME || join(environment.HOME || homedir(), ".local", "state");
  return join(stateHome, "opencode", "locks");
}

/**
 * Removes the locks that dead processes of this machine left: with one of them the first prompt took 59 s (seen).
 * Locks of other machines (a home on a network) and locks that cannot be read stay. Gives the number of removed ones.
 */
export async function removeDeadLocks(folder: string, processes: Processes): Promise<number> {
  let removed = 0;
  for (const lock of await deadLocks(folder, processes)) {
    if (await removeWhole(lock, processes)) removed += 1;
  }
  return removed;
}

/** Those that `removeDeadLocks` would remove. */
export async function deadLocks(folder: string, processes: Processes): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const dead: string[] = [];
  for (const name of names.filter((name) => name.endsWith(".lock")).slice(0, locksMax)) {
    if (await isDead(join(folder, name), processes)) dead.push(join(folder, name));
  }
  return dead;
}

async function isDead(lock: string, processes: Processes): Promise<boolean> {
  const text = await readFile(join(lock, "meta.json"), "utf8").catch(() => "");
  const meta = lockMeta.safeParse(parseJson(text));
  if (!meta.success || meta.data.hostname !== hostname()) return false;
  return (await processes.identify(meta.data.pid)) === undefined;
}

/**
 * By a rename first: nobody may find half a lock, and of two removers one wins. Then it is judged again: in place of the dead one a living
 * process may have made its own, which it gets back unless there is one more.
 */
async function removeWhole(lock: string, processes: Processes): Promise<boolean> {
  const aside = `${lock}.dead-${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch {
    return false;
  }
  if (!(await isDead(aside, processes))) {
    await rename(aside, lock).catch(() => undefined);
    return false;
  }
  await rm(aside, { recursive: true, force: true });
  return true;
}
