import { OctoError } from "../../octo-error";
import type { Git } from "./git";

export interface BranchRef {
  readonly commit: string;
  /** Root of the working tree that has it checked out; undefined when none has. */
  readonly worktree: string | undefined;
}

/** A local branch, or undefined when there is none. */
export async function readBranch(git: Git, root: string, name: string): Promise<BranchRef | undefined> {
  const output = await git(root, ["for-each-ref", "--format=%(refname)%00%(objectname)%00%(worktreepath)%00", `refs/heads/${name}`]);
  // The pattern also matches whatever lies below the name as a folder.
  for (const line of output.stdout.split("\0\n")) {
    const [refname, commit, worktree] = line.split("\0");
    if (refname === `refs/heads/${name}` && commit !== undefined) return { commit, worktree: worktree || undefined };
  }
  return undefined;
}

/** Lets HEAD name the commit itself; index and files stay. */
export async function detach(git: Git, worktree: string, commit: string): Promise<void> {
  await git(worktree, ["update-ref", "--no-deref", "-m", "octo: gives the branch free", "HEAD", commit]);
}

export async function headCommit(git: Git, worktree: string): Promise<string> {
  return (await git(worktree, ["rev-parse", "--verify", "HEAD"])).stdout.trim();
}

/** Does a ref that stays reach the commit? What none reaches, git deletes one day; a worktree's own refs go with it. */
export async function isReachable(git: Git, root: string, commit: string): Promise<boolean> {
  const args = ["for-each-ref", "--count=1", "--contains", commit, "--format=%(refname)"];
  return (await git(root, [...args, "refs/heads", "refs/remotes", "refs/tags"])).stdout !== "";
}

export async function isAncestor(git: Git, root: string, ancestor: string, commit: string): Promise<boolean> {
  return (await git(root, ["merge-base", "--is-ancestor", ancestor, commit], { codes: [0, 1] })).code === 0;
}

/** Creates or moves a branch of octo's; `from` is the commit it must still be at. */
export async function setBranch(git: Git, root: string, name: string, commit: string, from = ""): Promise<void> {
  await git(root, ["update-ref", "-m", "octo", `refs/heads/${name}`, commit, from]);
}

/** BRANCH_MOVED when it is at another commit by now. */
export async function deleteRef(git: Git, root: string, ref: string, from: string): Promise<void> {
  await git(root, ["update-ref", "-d", ref, from]).catch((thrown: unknown) => {
    if (!(thrown instanceof OctoError) || thrown.code !== "WORKTREE_FAILED") throw thrown;
    throw new OctoError("BRANCH_MOVED", thrown.message, { cause: thrown });
  });
}

export const baseRefs = "refs/octo/base/";

/** Holds the changes that a task took along, while no branch does: git's gc would take them. */
export async function setBaseRef(git: Git, root: string, taskId: string, commit: string): Promise<void> {
  await git(root, ["update-ref", `${baseRefs}${taskId}`, commit]);
}

/** Nothing happens when there is none: git would leave an empty `refs/octo` in a repository that never had one (seen). */
export async function deleteBaseRef(git: Git, root: string, taskId: string): Promise<void> {
  const ref = `${baseRefs}${taskId}`;
  const { stdout } = await git(root, ["rev-parse", "--quiet", "--verify", ref], { codes: [0, 1] });
  if (stdout !== "") await git(root, ["update-ref", "-d", ref, stdout.trim()]);
}
