import type { BranchResult } from "../../../shared/task";
import type { Git } from "./git";

/**
 * Why nothing is lost when a branch of octo's goes from this commit; undefined when something would be: commits that only branches of
 * octo's hold. A squash leaves no trace in git, so the task remembers it.
 */
export async function settledBecause(
  git: Git,
  root: string,
  commit: string,
  result: Pick<BranchResult, "base" | "commit" | "merged"> | undefined,
): Promise<string | undefined> {
  if (result !== undefined && commit === result.base) return "no changes";
  const holder = await holderOf(git, root, commit);
  if (holder !== undefined) return `merged, in ${holder}`;
  const merged = result?.commit === commit ? result.merged : undefined;
  if (merged === undefined) return undefined;
  return (await holderOf(git, root, merged.commit)) === undefined ? undefined : `merged into ${merged.into} as one commit`;
}

/** octo's own, and their copies on a remote: pushed for a review is not merged, and `git fetch --prune` takes it away again. */
const ofOcto = /^refs\/(heads|remotes\/.+)\/octo\//;

/** A branch, remote branch or tag that holds the commit and is not octo's own. */
async function holderOf(git: Git, root: string, commit: string): Promise<string | undefined> {
  const args = ["for-each-ref", "--contains", commit, "--format=%(refname)", "refs/heads", "refs/remotes", "refs/tags"];
  // 129: the commit is not there any more.
  const { code, stdout } = await git(root, args, { codes: [0, 129] });
  if (code !== 0) return undefined;
  const ref = stdout.split("\n").find((name) => name !== "" && !ofOcto.test(name));
  return ref?.replace(/^refs\/(heads|remotes|tags)\//, "");
}
