import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Git, GitOptions, GitOutput } from "./git";
import { gitError, saysNoIdentity } from "./git-error";

/** Runs a command that writes a commit; lends octo's name and address where neither configuration nor environment give one. */
export async function gitAsAuthor(git: Git, root: string, args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const codes = options.codes ?? [0];
  const first = await git(root, args, { ...options, codes: [...codes, 128], settings: ["user.useConfigOnly=true"] });
  if (codes.includes(first.code)) return first;
  if (!saysNoIdentity(first.stderr)) throw gitError(root, args, first.stderr, "WORKTREE_FAILED");
  const known = (await git(root, ["config", "--null", "--get-regexp", "^user\\.(name|email)$"], { codes: [0, 1] })).stdout.split("\0");
  const lacks = (name: string) => !known.some((record) => record.startsWith(`${name}\n`) && record.length > name.length + 1);
  const lent = [
    { name: "user.name", value: "octo" },
    { name: "user.email", value: "octo@localhost" },
  ].filter(({ name }) => lacks(name));
  return await git(root, args, { ...options, settings: lent.map(({ name, value }) => `${name}=${value}`) });
}

/** Commits everything that is not ignored onto HEAD; nothing to commit is fine. */
export async function commitAll(git: Git, root: string, gitFolder: string, subject: string): Promise<void> {
  await git(root, ["add", "--all", ...(await sparseArguments(gitFolder))]);
  const message = subject.trim() || "Work of an octo task";
  const args = ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--cleanup=whitespace", "-m", message];
  const committed = await gitAsAuthor(git, root, args, { codes: [0, 1] });
  // 1 also stands for "nothing to commit": only then does the index equal HEAD.
  if (committed.code === 1) await git(root, ["diff-index", "--cached", "--quiet", "HEAD"]);
}

/** `git add` refuses paths outside a sparse checkout without this; older than git 2.34 does not know it, and has no need. */
export async function sparseArguments(gitFolder: string): Promise<readonly string[]> {
  const sparse = await access(join(gitFolder, "info", "sparse-checkout")).then(
    () => true,
    () => false,
  );
  return sparse ? ["--sparse"] : [];
}
