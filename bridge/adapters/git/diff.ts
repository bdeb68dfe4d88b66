import type { BranchResult } from "../../../shared/task";
import type { Git } from "./git";

/** See the port. Renames are shown as such; binary files are named only; no program of the user's runs. */
export async function diff(git: Git, result: Pick<BranchResult, "repository" | "branch" | "base">, bytesMax: number): Promise<string> {
  const options = ["-p", "-r", "-M", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"];
  const args = ["diff-tree", ...options, result.base, `refs/heads/${result.branch}`, "--"];
  const output = await git(result.repository, args, { outputBytesMax: bytesMax });
  // Cut in the middle of a character.
  return output.truncated ? output.stdout.replace(/\ufffd$/, "") : output.stdout;
}
