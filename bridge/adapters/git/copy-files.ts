import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { OctoError } from "../../octo-error";
import type { Git } from "./git";

/** Secrets and settings are small; what is larger belongs into the setup command. */
const fileBytesMax = 64 * 1024 * 1024;

const failed = (message: string): OctoError => new OctoError("WORKSPACE_SETUP_FAILED", message);

/**
 * Copies ignored files of the user's working tree to the same places of a worktree; one that the user does not have is left out. Gives a
 * digest of what was copied. WORKSPACE_SETUP_FAILED for a path that leads out of either tree, is tracked, or is not ignored: the task
 * would commit it.
 */
export async function copyFiles(git: Git, root: string, worktree: string, paths: readonly string[]): Promise<string> {
  const digest = createHash("sha256");
  for (const path of paths) {
    const source = join(root, path);
    const found = await realpath(source).catch(() => undefined);
    if (found === undefined) continue;
    if (!isBelow(found, root)) throw failed(`${source} leads out of the repository, to ${found}`);
    const info = await lstat(found);
    if (!info.isFile()) throw failed(`${source} is no file`);
    if (info.size > fileBytesMax) throw failed(`${source} has ${info.size} bytes, the limit is ${fileBytesMax}`);
    if (await isTracked(git, worktree, path)) continue;
    const { code } = await git(worktree, ["check-ignore", "--quiet", "--", path], { codes: [0, 1, 128] });
    // git looks through no link.
    if (code === 128) throw failed(`${path} leads out of the worktree`);
    if (code === 1) throw failed(`${path} is not ignored by git: the task would commit it`);
    await replaceFile(found, worktree, path);
    digest.update(`${path}\0`).update(await readFile(found));
  }
  return digest.digest("hex");
}

/** By rename: a link in its place is replaced, and what it leads to is left alone. */
async function replaceFile(source: string, worktree: string, path: string): Promise<void> {
  const target = join(worktree, path);
  await mkdir(dirname(target), { recursive: true });
  if (!isBelow(await realpath(dirname(target)), worktree)) throw failed(`${target} leads out of the worktree`);
  const fresh = `${target}.octo-${randomUUID()}`;
  try {
    await copyFile(source, fresh, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await rename(fresh, target);
  } catch (thrown) {
    await rm(fresh, { force: true });
    throw failed(`${target} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
}

async function isTracked(git: Git, worktree: string, path: string): Promise<boolean> {
  return (await git(worktree, ["ls-files", "-z", "--", `:(literal)${path}`])).bytes.length > 0;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
