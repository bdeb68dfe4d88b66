import { access } from "node:fs/promises";
import type { DropResult } from "../../../shared/result";
import { OctoError } from "../../octo-error";
import type { DropRequest } from "../../ports/results";
import { checkNotRebased, freeBranch } from "./free-branch";
import { settledBecause } from "./merged";
import { branchKey, isOpened, type Pool, removeWorktree } from "./pool";
import { deleteBaseRef, deleteRef, readBranch } from "./refs";
import { type RepositoryFolders, readGitFolder, repositoryFolders } from "./repository-folders";
import { readStatus } from "./status";
import { isLocked } from "./worktrees";

/** See the port. A worktree of `octo open` goes with the branch when nothing uncommitted is in it. */
export async function drop(pool: Pool, { taskId, result, force, checkFree = () => undefined }: DropRequest): Promise<DropResult> {
  const { branch } = result;
  const folders = await repositoryFolders(result.repository);
  const { root } = folders;
  const of = { taskId, repository: root, branch };
  if (!branch.startsWith("octo/")) throw new OctoError("INTERNAL", `not a branch of octo's: ${branch}`);
  const before = await readBranch(pool.git, root, branch);
  if (before === undefined) {
    await deleteBaseRef(pool.git, root, taskId);
    return { ...of, commit: result.commit, already: true };
  }
  if (!force && (await settledBecause(pool.git, root, before.commit, result)) === undefined) {
    throw new OctoError("BRANCH_NOT_MERGED", `${branch} holds work that is merged nowhere (${before.commit.slice(0, 10)})`);
  }
  await checkNotRebased(pool, folders, branch);
  checkFree();
  await removeOpened(pool, folders, before.worktree);
  checkFree();
  await freeBranch(pool, folders, branch, undefined);
  // A pooled worktree that was left open gave its work to the branch just now.
  const now = (await readBranch(pool.git, root, branch)) ?? before;
  if (now.commit !== before.commit && !force) throw new OctoError("BRANCH_MOVED", `${branch} has gone on to ${now.commit.slice(0, 10)}`);
  await pool.queue(branchKey(folders.commonFolder, branch), async () => {
    checkFree();
    await deleteRef(pool.git, root, `refs/heads/${branch}`, now.commit);
  });
  await deleteBaseRef(pool.git, root, taskId);
  return { ...of, commit: now.commit, already: false };
}

/** WORKTREE_DIRTY, BRANCH_CHECKED_OUT: uncommitted work, and what a person locked, is never removed, not even by force. */
export async function removeOpened(pool: Pool, folders: RepositoryFolders, path: string | undefined): Promise<void> {
  if (path === undefined || !isOpened(pool, path)) return;
  await pool.queue(path, async () => {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    const gitFolder = await readGitFolder(path);
    if (gitFolder !== undefined && (await isLocked(gitFolder)))
      throw new OctoError("BRANCH_CHECKED_OUT", `${path} is locked (git worktree lock)`);
    const files = there ? (await readStatus(pool.git, path)).files : 0;
    if (files > 0) throw new OctoError("WORKTREE_DIRTY", `${path} holds ${files} uncommitted files`);
    await removeWorktree(pool, folders.root, folders.commonFolder, path);
  });
}
