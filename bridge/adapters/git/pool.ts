import { createHash } from "node:crypto";
import { mkdir, readdir, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { OctoError } from "../../octo-error";
import type { Git } from "./git";
import type { KeyedQueue } from "./keyed-queue";
import { type Marker, readMarker } from "./marker";
import { readGitFolder, readWorktreeOf } from "./repository-folders";
import { keepSubmoduleCommits } from "./submodules";

/** What every operation on the pool needs. */
export interface Pool {
  readonly git: Git;
  /**
   * Keys: a pooled worktree's path, a repository's common folder for what git does not do twice at once there, or `branchKey`: between
   * the last look whether a task works on a branch and its deletion no task may begin there.
   */
  readonly queue: KeyedQueue;
  /** Real path. */
  readonly folder: string;
  /** For the user's own commands: setup and teardown of a project. */
  readonly commandEnvironment: () => Promise<Readonly<Record<string, string>>>;
  /** How long a lock file is left to its owner. */
  readonly lockGraceMs: number;
}

/** What is found at a path of the pool. */
export type PoolEntry =
  | { readonly kind: "absent" }
  /** A folder that the repository does not know (its entry was pruned, the repository cloned anew), or was never handed out. */
  | { readonly kind: "stranger" }
  | ReadyEntry;

export interface ReadyEntry {
  readonly kind: "ready";
  readonly worktree: string;
  /** The worktree's own git folder, `<common>/worktrees/<id>`. */
  readonly gitFolder: string;
  readonly marker: Marker;
}

export function branchKey(commonFolder: string, branch: string): string {
  return `${commonFolder}\0${branch}`;
}

/** Creates the folder when it is missing, for this user alone, and gives its real path. */
export async function ensurePoolFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return await realpath(folder);
}

/** `<folder>/<hash of the repository>/<instance>-<slot>`. */
export function poolPath(folder: string, commonFolder: string, instanceId: string, slot: number): string {
  if (!/^[\w.-]+$/.test(instanceId) || !Number.isSafeInteger(slot) || slot < 0) {
    throw new OctoError("INTERNAL", `no name for a worktree: ${instanceId} ${slot}`);
  }
  return join(folder, repositoryHash(commonFolder), `${instanceId}-${slot}`);
}

/** Worktrees that a person works in (`octo open`), beside the pooled ones of their repository; never handed out to a task. */
const openedFolder = "opened";

export function openedPath(folder: string, commonFolder: string, branch: string): string {
  return join(folder, repositoryHash(commonFolder), openedFolder, branch.replace(/^octo\//, "").replaceAll("/", "-"));
}

function repositoryHash(commonFolder: string): string {
  return createHash("sha256").update(commonFolder).digest("hex").slice(0, 16);
}

export function isInPool(pool: Pool, path: string): boolean {
  return path.startsWith(pool.folder + sep) && !isOpened(pool, path);
}

export function isOpened(pool: Pool, path: string): boolean {
  return path.startsWith(pool.folder + sep) && basename(dirname(path)) === openedFolder;
}

/** `commonFolder` undefined: of whatever repository it belongs to. */
export async function readEntry(path: string, commonFolder: string | undefined): Promise<PoolEntry> {
  const names = await readdir(path).catch(() => []);
  if (names.length === 0) return { kind: "absent" };
  const gitFolder = await readGitFolder(path);
  if (gitFolder === undefined) return { kind: "stranger" };
  const ours = commonFolder === undefined || dirname(dirname(gitFolder)) === commonFolder;
  if (!ours || (await readWorktreeOf(gitFolder)) !== path) return { kind: "stranger" };
  const marker = await readMarker(gitFolder);
  return marker === undefined ? { kind: "stranger" } : { kind: "ready", worktree: path, gitFolder, marker };
}

/** Moves a path out of the way, into `saved` beside the pooled worktrees of its repository: octo deletes no work. */
export async function moveAside(worktree: string, path: string): Promise<void> {
  const saved = join(dirname(worktree), "saved");
  await mkdir(saved, { recursive: true, mode: 0o700 });
  const taken = new Set(await readdir(saved));
  const name = path === worktree ? basename(worktree) : `${basename(worktree)}-${basename(path)}`;
  let number = 1;
  while (taken.has(`${name}-${number}`)) number++;
  await rename(path, join(saved, `${name}-${number}`));
}

/** Clears a path of the pool that holds no ready entry. A checkout that git itself calls unfinished was never handed out: it goes. */
export async function clearPath(path: string): Promise<void> {
  const gitFolder = await readGitFolder(path);
  const unfinished =
    gitFolder !== undefined && (await readdir(gitFolder)).includes("locked") && (await readMarker(gitFolder)) === undefined;
  if (unfinished) await rm(path, { recursive: true, force: true });
  else await moveAside(path, path);
}

/** Removes a worktree and what the repository knows of it; works when the folder is gone already, and when it is locked. */
export async function removeWorktree(pool: Pool, repositoryFolder: string, commonFolder: string, worktree: string): Promise<void> {
  await keepSubmoduleCommits(pool.git, worktree, (commit) => `octo/kept-${commit.slice(0, 8)}`);
  await pool.queue(commonFolder, () => pool.git(repositoryFolder, ["worktree", "remove", "--force", "--force", worktree]));
}
