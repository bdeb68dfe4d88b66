import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { commitAll } from "./commit";
import type { Marker } from "./marker";
import { moveAside, type Pool, type ReadyEntry } from "./pool";
import { detach, headCommit, isAncestor, isReachable, readBranch, setBranch } from "./refs";
import { clearStaleLocks } from "./stale-locks";
import { readStatus } from "./status";
import { keepSubmoduleCommits, saveSubmodules } from "./submodules";

// A merge, rebase or bisection that somebody left in the middle: git switches no branch while these are there.
const operations = new Set([
  "MERGE_HEAD",
  "MERGE_MODE",
  "MERGE_MSG",
  "AUTO_MERGE",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "REBASE_HEAD",
  "rebase-merge",
  "rebase-apply",
  "sequencer",
  "BISECT_LOG",
  "BISECT_START",
  "BISECT_NAMES",
  "BISECT_TERMS",
]);

/** Where a merge or rebase wrote down the commit of what it put aside; no ref holds it. */
const autostashes = ["MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash"];

export interface SavedWork {
  readonly head: string;
  /** Branch of HEAD; undefined when detached. */
  readonly branch: string | undefined;
}

/**
 * Commits whatever is in a pooled worktree and makes sure that a branch holds it: the marker's branch where the work goes on from it,
 * else `<branch>-saved-<commit>`. Afterwards the worktree is clean, ignored files apart.
 */
export async function saveWork(pool: Pool, entry: ReadyEntry, subject: string): Promise<SavedWork> {
  const { git } = pool;
  const { worktree, gitFolder, marker } = entry;
  const commonFolder = dirname(dirname(gitFolder));
  const locks = ["index.lock", "HEAD.lock"].map((name) => join(gitFolder, name));
  await clearStaleLocks([...locks, join(commonFolder, "refs", "heads", `${marker.branch}.lock`)], pool.lockGraceMs);
  const status = await readStatus(git, worktree);
  const pending = (await readdir(gitFolder)).filter((name) => operations.has(name));
  const onBranch = marker.state === "open" && status.branch === marker.branch;
  let head = status.head;
  let branch = status.branch;
  if (status.files > 0 || pending.length > 0) {
    if (!onBranch && branch !== undefined && head !== undefined) {
      await detach(git, worktree, head);
      branch = undefined;
    }
    await keepAutostashes(pool, entry);
    for (const nested of status.nestedRepositories) await moveAside(worktree, join(worktree, nested, ".git"));
    await saveSubmodules(git, worktree, status.changedSubmodules, marker.branch, subject);
    await commitAll(git, worktree, gitFolder, subject);
    for (const name of pending) await rm(join(gitFolder, name), { recursive: true, force: true });
    head = undefined;
  }
  await keepSubmoduleCommits(git, worktree, () => marker.branch);
  head ??= await headCommit(git, worktree);
  const untouched = marker.state === "done" && head === marker.commit;
  if (!onBranch && !untouched) await keepCommit(pool, worktree, marker, head);
  return { head, branch };
}

/** As branches: the files go, and git would apply a merge's to the very next commit. */
async function keepAutostashes({ git }: Pool, { worktree, gitFolder, marker }: ReadyEntry): Promise<void> {
  for (const name of autostashes) {
    const path = join(gitFolder, name);
    const commit = (await readFile(path, "utf8").catch(() => "")).trim();
    if (!/^[0-9a-f]{40,64}$/.test(commit)) continue;
    if (!(await isReachable(git, worktree, commit))) await setBranch(git, worktree, savedName(marker, commit), commit);
    await rm(path);
  }
}

function savedName({ branch }: Marker, commit: string): string {
  return `${branch}-saved-${commit.slice(0, 8)}`;
}

async function keepCommit({ git }: Pool, worktree: string, marker: Marker, head: string): Promise<void> {
  if (marker.state === "open") {
    const branch = await readBranch(git, worktree, marker.branch);
    // Checked out elsewhere, it is somebody else's by now.
    const free = branch !== undefined && branch.worktree === undefined;
    if (free && (await isAncestor(git, worktree, branch.commit, head))) {
      return await setBranch(git, worktree, marker.branch, head, branch.commit);
    }
  }
  if (await isReachable(git, worktree, head)) return;
  await setBranch(git, worktree, savedName(marker, head), head);
}
