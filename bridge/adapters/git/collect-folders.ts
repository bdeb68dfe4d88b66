import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Leftover, LeftoverKind } from "../../../shared/result";
import type { CollectRequest } from "../../ports/results";
import type { Finding } from "./collect";
import { type Pool, removeWorktree } from "./pool";
import { isReachable } from "./refs";
import { readGitFolder, readWorktreeOf } from "./repository-folders";
import { tearDown } from "./setup";
import { readStatus } from "./status";

/** A capture takes seconds; what is there for longer is of a bridge that died. */
const captureAgeMaxMs = 24 * 60 * 60_000;

/**
 * The folders of the pool that nobody owns: worktrees of instances that are gone, those of `octo open` without a branch, and what was
 * moved aside. One goes only when git says that nothing in it is nowhere else.
 */
export async function collectFolders(pool: Pool, request: CollectRequest): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of await readdir(pool.folder)) {
    const folder = join(pool.folder, name);
    if (name.startsWith(".capture-")) {
      const oldCapture = Date.now() - (await stat(folder)).mtimeMs > captureAgeMaxMs;
      if (oldCapture && !request.dryRun) await rm(folder, { recursive: true, force: true });
      continue;
    }
    for (const entry of await readdir(folder).catch(() => [])) {
      const path = join(folder, entry);
      if (entry === "saved" || entry === "opened") {
        for (const each of await readdir(path).catch(() => [])) findings.push(...(await folderFinding(pool, join(path, each), entry)));
        continue;
      }
      const instance = /^(ins_.+)-\d+$/.exec(entry)?.[1];
      if (instance === undefined || request.liveInstances.has(instance)) continue;
      findings.push(...(await folderFinding(pool, path, "worktree")));
    }
  }
  return findings;
}

async function folderFinding(pool: Pool, path: string, kind: LeftoverKind): Promise<readonly Finding[]> {
  const leftover = (reason: string, repository?: string): Leftover => ({ kind, name: path, repository, reason });
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return [{ leftover: leftover("no folder; look at it yourself") }];
  if (names.length === 0) return [{ leftover: leftover("empty"), remove: () => rm(path, { recursive: true }) }];
  const gitFolder = await readGitFolder(path);
  const linked = gitFolder !== undefined && basename(dirname(gitFolder)) === "worktrees" && (await readWorktreeOf(gitFolder)) === path;
  if (!linked) return [{ leftover: leftover("no worktree that git knows; look at it yourself") }];
  const commonFolder = dirname(dirname(gitFolder));
  const status = await readStatus(pool.git, path).catch(() => undefined);
  if (status === undefined) return [{ leftover: leftover("git cannot read it", commonFolder) }];
  // One of `octo open` with its branch is in use until the branch goes.
  if (kind === "opened" && status.branch !== undefined && status.head !== undefined) return [];
  if (status.files > 0) return [{ leftover: leftover(`holds ${status.files} uncommitted files`, commonFolder) }];
  if (status.head !== undefined && !(await isReachable(pool.git, path, status.head))) {
    return [{ leftover: leftover(`holds commit ${status.head.slice(0, 10)}, which no branch has`, commonFolder) }];
  }
  const why = kind === "worktree" ? "its instance is gone" : "its branch is gone";
  const remove = () => pool.queue(path, () => removeClean(pool, path, gitFolder));
  return [{ leftover: leftover(`clean, ${why}`, commonFolder), remove }];
}

/** Looks again: time has passed. */
async function removeClean(pool: Pool, path: string, gitFolder: string): Promise<void> {
  const { files } = await readStatus(pool.git, path);
  if (files > 0) return;
  await tearDown(pool, path, gitFolder);
  await removeWorktree(pool, path, dirname(dirname(gitFolder)), path);
}
