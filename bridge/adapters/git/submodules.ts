import { access } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { OctoError } from "../../octo-error";
import { commitAll } from "./commit";
import type { Git } from "./git";
import { readGitFolder } from "./repository-folders";
import { readStatus } from "./status";

/** Submodules within submodules. */
const depthMax = 8;

interface Submodule {
  readonly name: string;
  readonly path: string;
  /** The user's own clone of it, on this machine. */
  readonly source: string;
}

/**
 * Checks out the submodules that the user has initialised, cloned from the user's own clones: no network, no login, nothing written in
 * the user's configuration. Those that the user left out stay empty. REPOSITORY_UNSUPPORTED when git cannot.
 */
export async function prepareSubmodules(git: Git, worktree: string, gitFolders: readonly string[], depth = 0): Promise<void> {
  const submodules = await initialisedSubmodules(git, worktree, gitFolders);
  if (submodules.length === 0) return;
  if (depth >= depthMax) throw new OctoError("REPOSITORY_UNSUPPORTED", `submodules are nested deeper than ${depthMax} in ${worktree}`);
  const paths = submodules.map(({ path }) => path);
  // Since CVE-2022-39253 git clones a submodule from a local path only when told so.
  const settings = ["protocol.file.allow=always", ...submodules.map(({ name, source }) => `submodule.${name}.url=${source}`)];
  const args = ["submodule", "--quiet", "update", "--checkout", "--force", "--", ...paths];
  await git(worktree, args, { settings }).catch((error: unknown) => {
    if (!(error instanceof OctoError) || error.code !== "WORKTREE_FAILED") throw error;
    throw new OctoError("REPOSITORY_UNSUPPORTED", `a submodule cannot be checked out: ${error.message}`, { cause: error });
  });
  for (const { path, source } of submodules) await prepareSubmodules(git, join(worktree, path), [source], depth + 1);
}

async function initialisedSubmodules(git: Git, worktree: string, gitFolders: readonly string[]): Promise<readonly Submodule[]> {
  if (!(await exists(join(worktree, ".gitmodules")))) return [];
  const args = ["config", "-z", "--file", join(worktree, ".gitmodules"), "--get-regexp", "^submodule\\..*\\.path$"];
  const output = await git(worktree, args, { codes: [0, 1] });
  const submodules: Submodule[] = [];
  for (const record of output.stdout.split("\0").slice(0, -1)) {
    const end = record.indexOf("\n");
    const name = record.slice("submodule.".length, end - ".path".length);
    const source = await firstExisting(gitFolders.map((folder) => join(folder, "modules", name)));
    // A name with "=" cannot be written as a setting.
    if (source !== undefined && !name.includes("=")) submodules.push({ name, path: record.slice(end + 1), source });
  }
  return submodules;
}

/** Commits inside the given submodules and hands the commits, as a branch of the same name, to the user's own clones. */
export async function saveSubmodules(git: Git, worktree: string, paths: readonly string[], branch: string, subject: string): Promise<void> {
  for (const path of paths) {
    const root = join(worktree, path);
    const gitFolder = await readGitFolder(root);
    if (gitFolder === undefined) continue;
    const status = await readStatus(git, root);
    await saveSubmodules(git, root, status.changedSubmodules, branch, subject);
    if (status.files > 0) await commitAll(git, root, gitFolder, subject);
    const source = await sourceOf(git, root);
    if (source !== undefined) await handOver(git, root, source, branch);
  }
}

/**
 * Hands commits that were made inside submodules, and committed around them too, to the user's own clones: a worktree's clones go with it,
 * and the branch would name commits that nobody has.
 */
export async function keepSubmoduleCommits(git: Git, worktree: string, branchOf: (commit: string) => string, depth = 0): Promise<void> {
  const gitFolder = await readGitFolder(worktree);
  if (gitFolder === undefined || depth > depthMax || !(await exists(join(gitFolder, "modules")))) return;
  const { stdout } = await git(worktree, ["ls-files", "--stage", "-z"]);
  const links = stdout.split("\0").filter((entry) => entry.startsWith("160000 "));
  for (const path of links.map((entry) => entry.slice(entry.indexOf("\t") + 1))) {
    const root = join(worktree, path);
    if ((await readGitFolder(root)) === undefined) continue;
    await keepSubmoduleCommits(git, root, branchOf, depth + 1);
    const source = await sourceOf(git, root);
    const head = (await git(root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { codes: [0, 1, 128] })).stdout.trim();
    if (source === undefined || head === "" || (await git(source, ["cat-file", "-e", head], { codes: [0, 1, 128] })).code === 0) continue;
    await handOver(git, root, source, branchOf(head));
  }
}

/** The user's own clone of a submodule. */
async function sourceOf(git: Git, root: string): Promise<string | undefined> {
  const source = (await git(root, ["config", "--get", "remote.origin.url"], { codes: [0, 1] })).stdout.trim();
  return isAbsolute(source) && (await exists(source)) ? source : undefined;
}

async function handOver(git: Git, root: string, source: string, branch: string): Promise<void> {
  const options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no"];
  await git(source, ["fetch", ...options, root, `+HEAD:refs/heads/${branch}`]);
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(join(path, "HEAD"))) return path;
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
