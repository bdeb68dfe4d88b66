import type { MergeMode } from "../../../shared/result";
import { OctoError } from "../../octo-error";
import type { Git } from "./git";
import { saysNoIdentity, saysNotSigned } from "./git-error";
import { shortList } from "./merge-target";

/** `git merge-tree --write-tree` came with it. */
const versionMin = { major: 2, minor: 38 } as const;

/** GIT_TOO_OLD. */
export async function checkVersion(git: Git, root: string): Promise<void> {
  const { stdout } = await git(root, ["version"]);
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
  if (major > versionMin.major || (major === versionMin.major && minor >= versionMin.minor)) return;
  throw new OctoError("GIT_TOO_OLD", `${stdout.trim()} cannot merge without touching files; 2.38 can`);
}

export interface Sides {
  readonly ours: string;
  readonly theirs: string;
}

/** The tree that both sides make together, found without a working tree. MERGE_CONFLICT names the files, MERGE_REFUSED. */
export async function mergedTree(git: Git, root: string, { ours, theirs }: Sides): Promise<string> {
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs];
  const { code, stdout, stderr } = await git(root, args, { codes: [0, 1, 128] });
  const [tree = "", ...names] = stdout.split("\0");
  if (code === 0) return tree.trim();
  // 1 is a conflict; git 2.39 says so of a fault too, but then it names no tree.
  if (code === 1 && tree !== "") {
    const files = [...new Set(names.filter((name) => name !== ""))];
    throw new OctoError("MERGE_CONFLICT", `both sides changed ${shortList(files)}`);
  }
  throw new OctoError("MERGE_REFUSED", `git merge-tree in ${root}: ${stderr.trim()}`);
}

export interface MadeCommit extends Sides {
  readonly mode: Exclude<MergeMode, "ff">;
  readonly tree: string;
  readonly message: string;
}

/** A commit of the person's own: their name, their signature where their settings ask for one. IDENTITY_MISSING, COMMIT_NOT_SIGNED. */
export async function makeCommit(git: Git, root: string, { mode, ours, theirs, tree, message }: MadeCommit): Promise<string> {
  const parents = mode === "merge" ? ["-p", ours, "-p", theirs] : ["-p", ours];
  const sign = (await wantsSignature(git, root)) ? ["--gpg-sign"] : [];
  const args = ["commit-tree", ...sign, ...parents, "-F", "-", tree];
  const input = Buffer.from(message.endsWith("\n") ? message : `${message}\n`);
  const { code, stdout, stderr } = await git(root, args, { codes: [0, 1, 128], input });
  if (code === 0) return stdout.trim();
  if (saysNoIdentity(stderr)) throw new OctoError("IDENTITY_MISSING", `git does not know who you are in ${root}`);
  if (saysNotSigned(stderr))
    throw new OctoError("COMMIT_NOT_SIGNED", `your settings ask for a signature, and git got none: ${stderr.trim()}`);
  throw new OctoError("MERGE_REFUSED", `git commit-tree in ${root}: ${stderr.trim()}`);
}

/** octo's own setting against signatures comes last of all values. */
async function wantsSignature(git: Git, root: string): Promise<boolean> {
  const { stdout } = await git(root, ["config", "--type=bool", "--get-all", "commit.gpgSign"], { codes: [0, 1] });
  return stdout.trim().split("\n").at(-2) === "true";
}

export async function treeOf(git: Git, root: string, commit: string): Promise<string> {
  return (await git(root, ["rev-parse", "--verify", `${commit}^{tree}`])).stdout.trim();
}
