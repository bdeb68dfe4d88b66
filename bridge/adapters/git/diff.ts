import type { BranchWork, Diff } from "../../ports/workspaces";
import type { Git } from "./git";
import { readBranch } from "./refs";

/** See the port. A dropped branch is shown by its commit, as long as git has it. Renames are shown as such; binary files are named only; no program of the user's runs. */
export async function diff(git: Git, result: BranchWork, bytesMax: number): Promise<Diff> {
  const branch = await readBranch(git, result.repository, result.branch);
  const options = ["-p", "-r", "-M", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"];
  const args = ["diff-tree", ...options, result.base, branch?.commit ?? result.commit, "--"];
  const output = await git(result.repository, args, { outputBytesMax: bytesMax });
  // Cut in the middle of a character.
  return { text: output.truncated ? output.stdout.replace(/\ufffd$/, "") : output.stdout, truncated: output.truncated };
}
