import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Leftover, LeftoverKind } from "../../../shared/result";
import { OctoError } from "../../octo-error";
import type { CollectRequest } from "../../ports/results";
import type { Finding } from "./collect";
import { type Pool, removeWorktree } from "./pool";
import { isReachable } from "./refs";
import { readGitFolder, readWorktreeOf } from "./repository-folders";
import { tearDown } from "./setup";
import { readStatus } from "./status";
import { isLocked, pendingOperation } from "./worktrees";

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
      findings.push(...(await folderFinding(pool, path, "worktree", () => request.liveInstances.has(instance))));
    }
  }
  return findings;
}

interface Look {
  readonly reason: string;
  readonly repository?: string | undefined;
  /** How it goes; it stays without this. */
  readonly remove?: (() => Promise<void>) | undefined;
}

async function folderFinding(pool: Pool, path: string, kind: LeftoverKind, isLive = () => false): Promise<readonly Finding[]> {
  const found = await look(pool, path, kind);
  if (found === undefined) return [];
  const leftover: Leftover = { kind, name: path, repository: found.repository, reason: found.reason };
  if (found.remove === undefined) return [{ leftover }];
  const remove = async (): Promise<void> => {
    // Again: others were looked through and taken down since.
    const now = await look(pool, path, kind);
    if (now?.remove === undefined || isLive()) throw new OctoError("WORKTREE_DIRTY", `${path} is in use again`);
    await now.remove();
  };
  return [{ leftover, remove: () => pool.queue(path, remove) }];
}

/** Undefined for a folder in use. */
async function look(pool: Pool, path: string, kind: LeftoverKind): Promise<Look | undefined> {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return { reason: "no folder; look at it yourself" };
  if (names.length === 0) return { reason: "empty", remove: () => rmdir(path) };
  const gitFolder = await readGitFolder(path);
  const linked = gitFolder !== undefined && basename(dirname(gitFolder)) === "worktrees" && (await readWorktreeOf(gitFolder)) === path;
  if (!linked) return { reason: "no worktree that git knows; look at it yourself" };
  const repository = dirname(dirname(gitFolder));
  const status = await readStatus(pool.git, path).catch(() => undefined);
  if (status === undefined) return { reason: "git cannot read it", repository };
  // One of `octo open` with its branch is in use until the branch goes.
  if (kind === "opened" && status.branch !== undefined && status.head !== undefined) return undefined;
  if (await isLocked(gitFolder)) return { reason: "locked (git worktree lock)", repository };
  const pending = await pendingOperation(gitFolder);
  if (pending !== undefined) return { reason: `something is under way in it (${pending})`, repository };
  if (status.files > 0) return { reason: `holds ${status.files} uncommitted files`, repository };
  if (status.head !== undefined && !(await isReachable(pool.git, path, status.head))) {
    return { reason: `holds commit ${status.head.slice(0, 10)}, which no branch has`, repository };
  }
  const remove = async (): Promise<void> => {
    await tearDown(pool, path, gitFolder);
    await removeWorktree(pool, path, repository, path);
  };
  return { reason: `clean, ${kind === "worktree" ? "its instance" : "its branch"} is gone`, repository, remove };
}
