import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { OctoError } from "../../octo-error";

/** Where git keeps what belongs to a working tree, read without starting git (gitrepository-layout(5)). */
export interface RepositoryFolders {
  readonly root: string;
  /** Of this working tree: HEAD, index. */
  readonly gitFolder: string;
  /** Shared by all working trees of the repository: refs, objects, configuration. Names the repository. */
  readonly commonFolder: string;
}

/** DIRECTORY_MISSING when the root is gone, REPOSITORY_UNSUPPORTED when it is no root of a working tree. */
export async function repositoryFolders(directory: string): Promise<RepositoryFolders> {
  const root = await realpath(directory).catch(() => {
    throw new OctoError("DIRECTORY_MISSING", `${directory} does not exist`);
  });
  const gitFolder = await readGitFolder(root);
  if (gitFolder === undefined) throw new OctoError("REPOSITORY_UNSUPPORTED", `${root} is not the root of a git working tree`);
  return { root, gitFolder, commonFolder: await readCommonFolder(gitFolder) };
}

/** The git folder of a working tree, or undefined when there is none. */
export async function readGitFolder(root: string): Promise<string | undefined> {
  const path = resolve(root, ".git");
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return await realpath(path);
  const text = await readFile(path, "utf8").catch(() => "");
  if (!text.startsWith("gitdir: ")) return undefined;
  const target = resolve(root, text.slice("gitdir: ".length).replace(/\n$/, ""));
  return await realpath(target).catch(() => undefined);
}

async function readCommonFolder(gitFolder: string): Promise<string> {
  const text = await readFile(resolve(gitFolder, "commondir"), "utf8").catch(() => undefined);
  return text === undefined ? gitFolder : await realpath(resolve(gitFolder, text.replace(/\n$/, "")));
}

/** The working tree that a linked worktree's git folder says it belongs to. */
export async function readWorktreeOf(gitFolder: string): Promise<string | undefined> {
  const text = await readFile(resolve(gitFolder, "gitdir"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  return await realpath(dirname(resolve(gitFolder, text.replace(/\n$/, "")))).catch(() => undefined);
}
