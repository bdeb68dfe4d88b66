import type { Git } from "./git";

export interface TreeStatus {
  /** Commit of HEAD; undefined before the first commit. */
  readonly head: string | undefined;
  /** Branch of HEAD; undefined when detached. */
  readonly branch: string | undefined;
  /** Changed, added, removed, unmerged and untracked (not ignored) files. */
  readonly files: number;
  /** Paths of tracked files that differ from HEAD exist. */
  readonly trackedChanges: boolean;
  /** Untracked folders that hold a repository of their own, relative to the root. */
  readonly nestedRepositories: readonly string[];
  /** Submodules with new commits or changes in them, relative to the root. */
  readonly changedSubmodules: readonly string[];
}

/** The state of a working tree, its index left alone: `git status --porcelain=v2 -z` (git-status(1)). */
export async function readStatus(git: Git, root: string): Promise<TreeStatus> {
  const output = await git(root, [
    "status",
    "--porcelain=v2",
    "--branch",
    "-z",
    // Each untracked file by itself: what then still ends in "/" is a repository.
    "--untracked-files=all",
    "--no-renames",
    "--no-ahead-behind",
    "--ignore-submodules=none",
  ]);
  const records = output.stdout.split("\0").slice(0, -1);
  const headers = records.filter((record) => record.startsWith("# "));
  const entries = records.filter((record) => !record.startsWith("# "));
  const header = (name: string) => headers.find((record) => record.startsWith(`# ${name} `))?.slice(name.length + 3);
  const head = header("branch.oid");
  const branch = header("branch.head");
  const tracked = entries.filter((entry) => !entry.startsWith("? "));
  return {
    head: head === "(initial)" ? undefined : head,
    branch: branch === "(detached)" ? undefined : branch,
    files: entries.length,
    trackedChanges: tracked.length > 0,
    nestedRepositories: entries.filter((entry) => entry.startsWith("? ") && entry.endsWith("/")).map((entry) => entry.slice(2, -1)),
    changedSubmodules: tracked.flatMap((entry) => submodulePath(entry) ?? []),
  };
}

/** `1 XY S<c><m><u> mH mI mW hH hI path`: the third field begins with S for a submodule, N otherwise. */
function submodulePath(entry: string): string | undefined {
  const fields = entry.split(" ");
  return fields[0] === "1" && fields[2]?.startsWith("S") ? fields.slice(8).join(" ") : undefined;
}
