import type { Git } from "./git";
import { mergedTree, type Sides, treeOf } from "./merge-commit";
import { changedEntries } from "./merge-target";
import { isAncestor } from "./refs";
import type { RepositoryFolders } from "./repository-folders";
import { pendingOperation } from "./worktrees";

/**
 * True for a checkout that a merge of these sides had brought up to date when its bridge was killed, before the branch moved: index and
 * tracked files are to the byte what the merge makes. Then only the branch is left to move, and nothing of anybody's is lost by it.
 */
export async function isInterruptedMerge(git: Git, checkout: RepositoryFolders, sides: Sides): Promise<boolean> {
  if ((await pendingOperation(checkout.gitFolder)) !== undefined) return false;
  const entries = await changedEntries(git, checkout.root);
  // `XY path`: Y is what differs between index and file.
  if (entries.length === 0 || entries.some((entry) => entry[1] !== " ")) return false;
  const { root } = checkout;
  const ahead = await isAncestor(git, root, sides.ours, sides.theirs);
  const tree = ahead ? await treeOf(git, root, sides.theirs) : await mergedTree(git, root, sides).catch(() => undefined);
  if (tree === undefined) return false;
  return (await git(root, ["diff-index", "--cached", "--quiet", tree, "--"], { codes: [0, 1] })).code === 0;
}
