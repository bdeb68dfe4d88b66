import type { BranchResult } from "../../../shared/task";
import { OctoError } from "../../octo-error";
import type { FinishRequest } from "../../ports/workspaces";
import { writeMarker } from "./marker";
import { type Pool, readEntry, removeWorktree } from "./pool";
import { deleteBaseRef, detach, readBranch } from "./refs";
import { repositoryFolders } from "./repository-folders";
import { saveWork } from "./save-work";

/** Names of changed files kept of one task; enough for some 10,000 names. */
const filesBytesMax = 1024 * 1024;

/** See the port. A worktree that has passed to another task meanwhile is left alone. */
export async function finish(pool: Pool, request: FinishRequest): Promise<BranchResult | undefined> {
  const work = request.workspace.branch;
  if (work === undefined) return undefined;
  const folders = await repositoryFolders(work.repository);
  await pool.queue(work.worktree, async () => {
    const entry = await readEntry(work.worktree, folders.commonFolder);
    if (entry.kind !== "ready" || entry.marker.state !== "open" || entry.marker.branch !== work.name) return;
    const saved = await saveWork(pool, entry, request.subject);
    if (saved.branch !== undefined) await detach(pool.git, work.worktree, saved.head);
    await writeMarker(entry.gitFolder, { state: "done", branch: work.name, commit: saved.head });
  });
  const branch = await readBranch(pool.git, folders.root, work.name);
  if (branch === undefined) throw new OctoError("WORKTREE_FAILED", `the branch ${work.name} is gone from ${work.repository}`);
  if (branch.worktree === work.worktree) await forgetDeleted(pool, folders.root, folders.commonFolder, work.worktree);
  // From here on the branch holds what was taken along.
  await deleteBaseRef(pool.git, folders.root, request.taskId);
  const files = await changedFiles(pool, folders.root, work.base, branch.commit);
  return { repository: work.repository, branch: work.name, base: work.base, commit: branch.commit, files };
}

/** A worktree whose folder the user deleted still holds its branch until its entry goes. */
async function forgetDeleted(pool: Pool, root: string, commonFolder: string, worktree: string): Promise<void> {
  const entry = await readEntry(worktree, commonFolder);
  if (entry.kind === "absent") await removeWorktree(pool, root, commonFolder, worktree);
}

async function changedFiles({ git }: Pool, root: string, base: string, commit: string): Promise<readonly string[]> {
  if (base === commit) return [];
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--name-only", base, commit];
  const output = await git(root, args, { outputBytesMax: filesBytesMax });
  return output.stdout.split("\0").slice(0, -1);
}
