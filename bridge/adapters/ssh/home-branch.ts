import { OctoError } from "../../octo-error";
import type { HomeGit } from "./home-git";

/** The commit of a branch at home, or undefined. */
export async function branchTip(git: HomeGit, root: string, branch: string): Promise<string | undefined> {
  const text = await git(root, ["rev-parse", "--quiet", "--verify", `refs/heads/${branch}^{commit}`], { codes: [0, 1] });
  return text.trim() || undefined;
}

/** Those of the commits that are at home. */
export async function knownCommits(git: HomeGit, root: string, commits: readonly string[]): Promise<readonly string[]> {
  if (commits.length === 0) return [];
  const lines = await git(root, ["cat-file", "--batch-check=%(objectname) %(objecttype)"], { input: `${commits.join("\n")}\n` });
  return lines.split("\n").flatMap((line) => (line.endsWith(" commit") ? [line.slice(0, -" commit".length)] : []));
}

/**
 * Lets the branch at home hold a commit that came from a host. A branch that is ahead stays; one that went elsewhere stays too, and the
 * commit is kept as `<branch>-saved-<commit>`. BRANCH_CHECKED_OUT where the user works on it.
 */
export async function takeHome(git: HomeGit, root: string, branch: string, commit: string): Promise<void> {
  const tip = await branchTip(git, root, branch);
  if (tip === commit) return;
  if (tip === undefined) return setBranch(git, root, branch, commit, "");
  if (await isAncestor(git, root, commit, tip)) return;
  if (!(await isAncestor(git, root, tip, commit))) return keepAside(git, root, `${branch}-saved-${commit.slice(0, 8)}`, commit);
  const holder = (await git(root, ["for-each-ref", "--format=%(worktreepath)", `refs/heads/${branch}`])).trim();
  if (holder !== "") throw new OctoError("BRANCH_CHECKED_OUT", `${branch} is checked out in ${holder}`);
  await setBranch(git, root, branch, commit, tip);
}

/** A branch of that name that holds something else, a person's by now, stays as it is. */
async function keepAside(git: HomeGit, root: string, branch: string, commit: string): Promise<void> {
  const tip = await branchTip(git, root, branch);
  if (tip === undefined) await setBranch(git, root, branch, commit, "");
  else if (!(await isAncestor(git, root, commit, tip))) await keepAside(git, root, `${branch}-${commit}`, commit);
}

/** `from`: the commit it must still be at, "" for none. On the disk when this is done: the host forgets its branch then. */
async function setBranch(git: HomeGit, root: string, branch: string, commit: string, from: string): Promise<void> {
  await git(root, ["-c", "core.fsync=reference", "update-ref", "-m", "octo: from a host", `refs/heads/${branch}`, commit, from]);
}

async function isAncestor(git: HomeGit, root: string, ancestor: string, commit: string): Promise<boolean> {
  return (await git.code(root, ["merge-base", "--is-ancestor", ancestor, commit])) === 0;
}
