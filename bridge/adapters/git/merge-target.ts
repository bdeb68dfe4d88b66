import { OctoError } from "../../octo-error";
import type { Git } from "./git";
import { isInPool, type Pool } from "./pool";
import { readBranch } from "./refs";
import { type RepositoryFolders, repositoryFolders } from "./repository-folders";
import { foldersRebasing, listWorktrees, pendingOperation } from "./worktrees";

/** The branch that a merge names, and who has it checked out. */
export interface MergeTarget {
  readonly name: string;
  readonly commit: string;
  /** Working trees to update with it: none, or one (more only where somebody forced git). */
  readonly checkouts: readonly RepositoryFolders[];
}

const namesShownMax = 10;

/** MERGE_NO_TARGET, BRANCH_UNKNOWN, MERGE_TARGET_BUSY, MERGE_TARGET_MISSING, BRANCH_CHECKED_OUT. */
export async function findTarget(pool: Pool, folders: RepositoryFolders, given: string | undefined): Promise<MergeTarget> {
  const { git } = pool;
  const name = given ?? (await headBranch(git, folders.root));
  if (name === undefined) throw new OctoError("MERGE_NO_TARGET", `${folders.root} has no branch checked out (its HEAD is detached)`);
  const found = await readBranch(git, folders.root, name);
  if (found === undefined) throw new OctoError("BRANCH_UNKNOWN", `there is no branch ${name} in ${folders.root}`);
  const [rebasing] = await foldersRebasing(folders.commonFolder, name);
  if (rebasing !== undefined) throw new OctoError("MERGE_TARGET_BUSY", `${name} is being rebased or bisected (see ${rebasing})`);
  const checkouts: RepositoryFolders[] = [];
  for (const { path, branch, missing } of await listWorktrees(git, folders.root)) {
    if (branch !== name) continue;
    if (missing) throw new OctoError("MERGE_TARGET_MISSING", `${name} is checked out in ${path}, which is gone`);
    if (isInPool(pool, path)) throw new OctoError("BRANCH_CHECKED_OUT", `${name} is a task's branch, at work in ${path}`);
    checkouts.push(await repositoryFolders(path));
  }
  return { name, commit: found.commit, checkouts };
}

/** MERGE_TARGET_BUSY, MERGE_TARGET_DIRTY: a change of a tracked file, staged or not. What is inside submodules does not matter. */
export async function checkClean(git: Git, { root, gitFolder }: RepositoryFolders): Promise<void> {
  const pending = await pendingOperation(gitFolder);
  if (pending !== undefined) throw new OctoError("MERGE_TARGET_BUSY", `in ${root} something is under way (${pending})`);
  const entries = await changedEntries(git, root);
  if (entries.length > 0)
    throw dirty(
      `${root} has uncommitted changes`,
      entries.map((entry) => entry.slice("XY ".length)),
    );
}

/** Of tracked files, as `XY path`: X is what is staged, Y what is not (git-status(1)). */
export async function changedEntries(git: Git, root: string): Promise<readonly string[]> {
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", "--ignore-submodules=dirty"];
  return (await git(root, args)).stdout.split("\0").slice(0, -1);
}

/** The error that names the files in the way. */
export function dirty(what: string, names: readonly string[]): OctoError {
  return new OctoError("MERGE_TARGET_DIRTY", `${what}: ${shortList(names)}`);
}

export function shortList(names: readonly string[]): string {
  const more = names.length > namesShownMax ? `, and ${names.length - namesShownMax} more` : "";
  return `${names.slice(0, namesShownMax).join(", ")}${more}`;
}

/** Undefined when HEAD is detached. */
async function headBranch(git: Git, root: string): Promise<string | undefined> {
  const { code, stdout } = await git(root, ["symbolic-ref", "--quiet", "HEAD"], { codes: [0, 1] });
  return code === 0 ? stdout.replace(/\n$/, "").replace(/^refs\/heads\//, "") : undefined;
}
