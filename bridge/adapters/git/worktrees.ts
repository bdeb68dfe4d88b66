import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git";

export interface WorktreeRecord {
  readonly path: string;
  /** Name of the branch that it has checked out; undefined when detached or bare. */
  readonly branch: string | undefined;
  /** Its folder is gone. */
  readonly missing: boolean;
}

/** Every working tree that the repository knows of: `git worktree list --porcelain` (git-worktree(1)). */
export async function listWorktrees(git: Git, root: string): Promise<readonly WorktreeRecord[]> {
  const output = await git(root, ["worktree", "list", "--porcelain", "-z"]);
  const records = output.stdout.split("\0\0").filter((record) => record !== "");
  return records.map((record) => {
    const lines = record.split("\0");
    const value = (name: string) => lines.find((line) => line === name || line.startsWith(`${name} `))?.slice(name.length + 1);
    const ref = value("branch");
    return { path: value("worktree") ?? "", branch: ref?.replace(/^refs\/heads\//, ""), missing: value("prunable") !== undefined };
  });
}

/** Of one working tree: a merge, rebase, cherry-pick, revert or bisection that was begun and not ended. */
const operations = ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_START", "sequencer"] as const;

export async function pendingOperation(gitFolder: string): Promise<string | undefined> {
  const names = new Set(await readdir(gitFolder));
  return operations.find((name) => names.has(name));
}

/** The git folders in which the branch is being rebased or bisected: HEAD is detached then, and the branch is written at the end. */
export async function foldersRebasing(commonFolder: string, branch: string): Promise<readonly string[]> {
  const found: string[] = [];
  const linked = (await readdir(join(commonFolder, "worktrees")).catch(() => [])).map((name) => join(commonFolder, "worktrees", name));
  const ref = `refs/heads/${branch}`;
  for (const folder of [commonFolder, ...linked]) {
    const read = async (name: string) => (await readFile(join(folder, name), "utf8").catch(() => "")).split("\n");
    const heads = await Promise.all(["rebase-merge/head-name", "rebase-apply/head-name", "rebase-merge/update-refs"].map(read));
    if (heads.some((lines) => lines.includes(ref)) || (await read("BISECT_START"))[0] === branch) found.push(folder);
  }
  return found;
}

/** A person's `git worktree lock`. While git makes a worktree, it locks it itself, with this word (builtin/worktree.c). */
export async function isLocked(gitFolder: string): Promise<boolean> {
  const reason = await readFile(join(gitFolder, "locked"), "utf8").catch(() => "initializing");
  return reason.trim() !== "initializing";
}
