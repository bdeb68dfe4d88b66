import { mkdir } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { OctoError } from "../../octo-error";
import type { PrepareRequest, Workspace } from "../../ports/workspaces";
import { freeBranch, leftoverSubject } from "./free-branch";
import { writeMarker } from "./marker";
import { branchKey, clearPath, moveAside, type Pool, poolPath, type ReadyEntry, readEntry } from "./pool";
import { setBranch } from "./refs";
import { type RepositoryFolders, readGitFolder, repositoryFolders } from "./repository-folders";
import { saveWork } from "./save-work";
import { setUp } from "./setup";
import { readStatus } from "./status";
import { prepareSubmodules } from "./submodules";

/** See the port. Order: free the branch and save what is in the slot's worktree; switch; clear what surfaced; open the marker. */
export async function prepare(pool: Pool, request: PrepareRequest): Promise<Workspace> {
  const { repository, branch, base } = request;
  if (!branch.startsWith("octo/")) throw new OctoError("INTERNAL", `not a branch of octo's: ${branch}`);
  const folders = await repositoryFolders(repository);
  const path = poolPath(pool.folder, folders.commonFolder, request.instanceId, request.slot);
  const [exists, found] = await Promise.all([
    pool.queue(branchKey(folders.commonFolder, branch), () => freeBranch(pool, folders, branch, path)),
    pool.queue(path, () => takeOver(pool, folders, path)),
  ]);
  await pool.queue(path, async () => {
    if (found === undefined) await addWorktree(pool, folders, path, branch, exists ? undefined : base);
    else if (found.branch !== branch) await switchWorktree(pool, folders, path, branch, exists ? undefined : base);
    const gitFolder = found?.entry.gitFolder ?? (await readGitFolder(path));
    if (gitFolder === undefined) throw new OctoError("WORKTREE_FAILED", `git made no worktree at ${path}`);
    await writeMarker(gitFolder, { state: "open", branch });
    const place = { root: folders.root, worktree: path, gitFolder, taskId: request.taskId, branch };
    if (request.setup !== undefined) await setUp(pool, place, request.setup);
  });
  const directory = await ensurePrefix(path, request.prefix);
  return { directory, branch: { repository, worktree: path, name: branch, base } };
}

/** Saves what is in the slot's worktree; undefined when there is none, and nothing in the way of a new one. */
async function takeOver(
  pool: Pool,
  folders: RepositoryFolders,
  path: string,
): Promise<{ readonly entry: ReadyEntry; readonly branch: string | undefined } | undefined> {
  const entry = await readEntry(path, folders.commonFolder);
  if (entry.kind === "stranger") await clearPath(path);
  if (entry.kind !== "ready") return undefined;
  const saved = await saveWork(pool, entry, leftoverSubject);
  return { entry, branch: saved.branch };
}

/** `base` undefined: the branch exists. */
async function addWorktree(pool: Pool, folders: RepositoryFolders, path: string, branch: string, base: string | undefined): Promise<void> {
  // Not by `-b`: a `worktree add` that fails afterwards could not be run again.
  if (base !== undefined) await setBranch(pool.git, folders.root, branch, base);
  // Forced twice: takes over an entry whose folder is gone, also one that a killed `worktree add` left locked.
  const args = ["worktree", "add", "--quiet", "--force", "--force", path, branch];
  await pool.queue(folders.commonFolder, () => pool.git(folders.root, args));
  await prepareSubmodules(pool.git, path, [folders.gitFolder, folders.commonFolder]);
}

async function switchWorktree(
  pool: Pool,
  folders: RepositoryFolders,
  path: string,
  branch: string,
  base: string | undefined,
): Promise<void> {
  const target = base === undefined ? ["--ignore-other-worktrees", branch] : ["--no-track", "-c", branch, base];
  await pool.git(path, ["switch", "--quiet", ...target]);
  await prepareSubmodules(pool.git, path, [folders.gitFolder, folders.commonFolder]);
  await clearSurfaced(pool, path);
}

/**
 * All work is committed before a switch, so what shows up after it is what the earlier branch ignored and this one does not, or a
 * repository inside the worktree. The former goes, the latter is moved aside.
 */
async function clearSurfaced({ git }: Pool, worktree: string): Promise<void> {
  const status = await readStatus(git, worktree);
  if (status.files === 0) return;
  for (const nested of status.nestedRepositories) await moveAside(worktree, join(worktree, nested));
  if (status.trackedChanges) await git(worktree, ["reset", "--quiet", "--hard"]);
  await git(worktree, ["clean", "--quiet", "--force", "-d"]);
}

/** The subfolder of the worktree that stands for the user's; made when the base does not have it. */
async function ensurePrefix(worktree: string, prefix: string): Promise<string> {
  if (isAbsolute(prefix) || normalize(prefix).split(sep).includes("..")) throw new OctoError("INTERNAL", `no subfolder: ${prefix}`);
  const directory = prefix === "" ? worktree : join(worktree, prefix);
  await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw new OctoError("WORKTREE_FAILED", `${prefix} cannot be made in ${worktree}`, { cause });
  });
  return directory;
}
