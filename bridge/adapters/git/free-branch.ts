import { access } from "node:fs/promises";
import { OctoError } from "../../octo-error";
import { writeMarker } from "./marker";
import { clearPath, isInPool, isOpened, type Pool, readEntry, removeWorktree } from "./pool";
import { detach, readBranch } from "./refs";
import { type RepositoryFolders, readWorktreeOf } from "./repository-folders";
import { saveWork } from "./save-work";
import { readStatus } from "./status";
import { foldersRebasing } from "./worktrees";

export const leftoverSubject = "Unfinished work, saved by octo";

/**
 * Makes the branch free for `path`: saves and detaches the pooled worktree that still has it, and detaches a clean one of `octo open`.
 * True when the branch exists. BRANCH_CHECKED_OUT where a person works on it.
 */
export async function freeBranch(pool: Pool, folders: RepositoryFolders, branch: string, path: string | undefined): Promise<boolean> {
  const found = await readBranch(pool.git, folders.root, branch);
  const holder = found?.worktree;
  await checkNotRebased(pool, folders, branch);
  if (holder === undefined || holder === path) return found !== undefined;
  if (isOpened(pool, holder)) {
    await detachOpened(pool, folders, branch, holder);
    return true;
  }
  if (!isInPool(pool, holder)) throw new OctoError("BRANCH_CHECKED_OUT", `${branch} is checked out in ${holder}`);
  await pool.queue(holder, async () => {
    const entry = await readEntry(holder, folders.commonFolder);
    if (entry.kind !== "ready") {
      if (entry.kind === "stranger") await clearPath(holder);
      return await removeWorktree(pool, folders.root, folders.commonFolder, holder);
    }
    const saved = await saveWork(pool, entry, leftoverSubject);
    if (saved.branch !== undefined) await detach(pool.git, holder, saved.head);
    await writeMarker(entry.gitFolder, { state: "done", branch: entry.marker.branch, commit: saved.head });
  });
  return true;
}

/** A person's rebase writes the branch at its end: nobody else may move or delete it before. BRANCH_CHECKED_OUT. */
export async function checkNotRebased(pool: Pool, { commonFolder }: RepositoryFolders, branch: string): Promise<void> {
  for (const gitFolder of await foldersRebasing(commonFolder, branch)) {
    const worktree = gitFolder === commonFolder ? undefined : await readWorktreeOf(gitFolder);
    // What an agent left in the middle is saved before its worktree is used again.
    if (worktree !== undefined && isInPool(pool, worktree)) continue;
    throw new OctoError("BRANCH_CHECKED_OUT", `${branch} is being rebased or bisected in ${worktree ?? gitFolder}`);
  }
}

/** Its files stay as they are; what is not committed there is the person's. */
async function detachOpened(pool: Pool, folders: RepositoryFolders, branch: string, holder: string): Promise<void> {
  const there = await access(holder).then(
    () => true,
    () => false,
  );
  if (!there) return await removeWorktree(pool, folders.root, folders.commonFolder, holder);
  const { files, head } = await readStatus(pool.git, holder);
  if (files > 0 || head === undefined) {
    throw new OctoError("BRANCH_CHECKED_OUT", `${branch} is checked out in ${holder}, with ${files} uncommitted files`);
  }
  await detach(pool.git, holder, head);
}
