import { readdir } from "node:fs/promises";
import type { OpenResult } from "../../../shared/result";
import { plural } from "../../figures";
import { OctoError } from "../../octo-error";
import type { OpenRequest } from "../../ports/results";
import { freeBranch } from "./free-branch";
import { isInPool, moveAside, openedPath, type Pool } from "./pool";
import { isReachable, readBranch } from "./refs";
import { type RepositoryFolders, readGitFolder, readWorktreeOf, repositoryFolders } from "./repository-folders";
import { readStatus } from "./status";
import { prepareSubmodules } from "./submodules";

/** See the port. A folder of an earlier `open` is used again, unless somebody's uncommitted work is in it (WORKTREE_DIRTY). */
export async function open(pool: Pool, { taskId, place }: OpenRequest): Promise<OpenResult> {
  const { branch } = place;
  const folders = await repositoryFolders(place.repository);
  const holder = await holderOf(pool, folders, branch);
  if (holder !== undefined) return { taskId, path: holder, branch, live: false };
  const path = openedPath(pool.folder, folders.commonFolder, branch);
  await pool.queue(path, async () => {
    if ((await readdir(path).catch(() => [])).length > 0) {
      if (await isWorktree(path)) return await switchBack(pool, path, branch);
      await moveAside(path, path);
    }
    const args = ["worktree", "add", "--quiet", "--force", "--force", path, branch];
    await pool.queue(folders.commonFolder, () => pool.git(folders.root, args));
    await prepareSubmodules(pool.git, path, [folders.gitFolder, folders.commonFolder]);
  });
  return { taskId, path, branch, live: false };
}

/** The person's own working tree that has it. One of the pool gives it free. BRANCH_UNKNOWN. */
async function holderOf(pool: Pool, folders: RepositoryFolders, branch: string): Promise<string | undefined> {
  const found = await readBranch(pool.git, folders.root, branch);
  if (found === undefined) throw new OctoError("BRANCH_UNKNOWN", `the branch ${branch} is gone from ${folders.root}`);
  if (found.worktree === undefined) return undefined;
  if (!isInPool(pool, found.worktree)) return (await isWorktree(found.worktree)) ? found.worktree : undefined;
  await freeBranch(pool, folders, branch, undefined);
  return undefined;
}

async function isWorktree(path: string): Promise<boolean> {
  const gitFolder = await readGitFolder(path);
  return gitFolder !== undefined && ((await readWorktreeOf(gitFolder)) ?? path) === path;
}

async function switchBack(pool: Pool, path: string, branch: string): Promise<void> {
  const status = await readStatus(pool.git, path);
  if (status.branch === branch) return;
  if (status.files > 0) throw new OctoError("WORKTREE_DIRTY", `${path} holds ${status.files} uncommitted files of another branch`);
  if (status.branch === undefined && status.head !== undefined && !(await isReachable(pool.git, path, status.head))) {
    throw new OctoError("WORKTREE_DIRTY", `${path} holds commit ${status.head.slice(0, 10)}, which no branch has`);
  }
  await pool.git(path, ["switch", "--quiet", "--no-overwrite-ignore", branch]);
}

/** What the person changed by hand and has not committed is in no branch. */
export async function openedNotices(pool: Pool, folders: RepositoryFolders, branch: string): Promise<readonly string[]> {
  const holder = (await readBranch(pool.git, folders.root, branch))?.worktree;
  if (holder === undefined) return [];
  const { files } = await readStatus(pool.git, holder).catch(() => ({ files: 0 }));
  return files === 0 ? [] : [`${plural(files, "uncommitted file")} in ${holder} not included`];
}
