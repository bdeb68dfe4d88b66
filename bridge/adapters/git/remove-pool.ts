import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { InstanceId } from "../../../shared/ids";
import { type Pool, readEntry, removeWorktree } from "./pool";
import { isReachable } from "./refs";
import { tearDown } from "./setup";
import { readStatus } from "./status";
import { isLocked } from "./worktrees";

/** See the port. Kept: changed or untracked files, commits that no branch holds, folders that git does not know. */
export async function removePool(pool: Pool, instanceId: InstanceId): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const repository of await readdir(pool.folder)) {
    const folder = join(pool.folder, repository);
    for (const name of await readdir(folder).catch(() => [])) {
      const end = name.lastIndexOf("-");
      if (name.slice(0, end) !== instanceId || !/^\d+$/.test(name.slice(end + 1))) continue;
      const path = join(folder, name);
      if (!(await pool.queue(path, () => removeSaved(pool, path)))) kept.push(path);
    }
  }
  return kept;
}

/** False when it may hold work that is nowhere else. */
async function removeSaved(pool: Pool, path: string): Promise<boolean> {
  const entry = await readEntry(path, undefined);
  if (entry.kind === "absent") return true;
  if (entry.kind === "stranger" || (await isLocked(entry.gitFolder))) return false;
  const status = await readStatus(pool.git, path);
  if (status.files > 0) return false;
  if (status.head !== undefined && !(await isReachable(pool.git, path, status.head))) return false;
  const commonFolder = dirname(dirname(entry.gitFolder));
  await tearDown(pool, path, entry.gitFolder);
  await removeWorktree(pool, path, commonFolder, path);
  return true;
}
