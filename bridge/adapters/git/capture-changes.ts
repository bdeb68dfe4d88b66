import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { TaskId } from "../../../shared/ids";
import { OctoError } from "../../octo-error";
import { gitAsAuthor, sparseArguments } from "./commit";
import type { Git } from "./git";
import { setBaseRef } from "./refs";
import { repositoryFolders } from "./repository-folders";
import { readStatus } from "./status";

/**
 * See the port. Works on a copy of the index; HEAD itself when nothing is changed. Repositories inside the folder are left out: their
 * content is not this repository's.
 */
export async function captureChanges(git: Git, poolFolder: string, directory: string, taskId: TaskId | undefined): Promise<string> {
  const { root, gitFolder } = await repositoryFolders(directory);
  const status = await readStatus(git, root);
  if (status.head === undefined) throw new OctoError("REPOSITORY_EMPTY", `${root} has no commit yet`);
  if (status.files === 0) return status.head;
  const folder = await mkdtemp(join(poolFolder, ".capture-"));
  try {
    const index = join(folder, "index");
    await copyFile(join(gitFolder, "index"), index);
    const environment = { GIT_INDEX_FILE: index };
    const without = status.nestedRepositories.map((path) => `:(top,exclude,literal)${path}`);
    await git(root, ["add", "--all", ...(await sparseArguments(gitFolder)), "--", ":/", ...without], { environment });
    const tree = (await git(root, ["write-tree"], { environment })).stdout.trim();
    const args = ["commit-tree", "--no-gpg-sign", "-p", status.head, "-m", "Uncommitted changes, taken along by octo", tree];
    const commit = (await gitAsAuthor(git, root, args)).stdout.trim();
    if (taskId !== undefined) await setBaseRef(git, root, taskId, commit);
    return commit;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
