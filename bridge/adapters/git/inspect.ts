import { realpath, stat } from "node:fs/promises";
import { relative } from "node:path";
import { OctoError } from "../../octo-error";
import type { DirectoryInfo } from "../../ports/workspaces";
import type { Git } from "./git";
import { gitError, saysNoRepository } from "./git-error";
import { readStatus } from "./status";

/** See the port. Two git processes for a repository, one for a plain folder. */
export async function inspect(git: Git, path: string): Promise<DirectoryInfo> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) throw new OctoError("DIRECTORY_MISSING", `${path} is not a folder`);
  const directory = await realpath(path);
  const args = ["rev-parse", "--is-bare-repository", "--is-inside-git-dir", "--show-toplevel"];
  const output = await git(directory, args, { codes: [0, 128] });
  if (output.code !== 0 && saysNoRepository(output.stderr)) return { kind: "plain" };
  const [bare, insideGitFolder, ...rest] = output.stdout.split("\n");
  if (insideGitFolder === "true") throw new OctoError("REPOSITORY_UNSUPPORTED", `${path} is inside a git folder or bare repository`);
  if (bare === "true") throw new OctoError("REPOSITORY_UNSUPPORTED", `${path} is a bare repository`);
  if (output.code !== 0) throw gitError(directory, args, output.stderr, "REPOSITORY_UNSUPPORTED");
  // A folder's name may hold line ends; only the last one is git's.
  const root = rest.slice(0, -1).join("\n");
  const status = await readStatus(git, root);
  if (status.head === undefined) throw new OctoError("REPOSITORY_EMPTY", `${root} has no commit yet`);
  return { kind: "repository", root, prefix: relative(root, directory), head: status.head, dirtyFiles: status.files };
}
