import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MergeResult } from "../../../shared/result";
import { digestWithout, type FolderDigest, folderDigest } from "../../helpers/folder-digest";

/** What is octo's own below a repository: its branches and refs with their logs, its worktrees, new objects. Submodules likewise. */
const ofOcto = [
  /^\.git\/(modules\/[^/]+\/)?(logs\/)?refs\/heads\/octo(\/|$)/,
  /^\.git\/(modules\/[^/]+\/)?(logs\/)?refs\/octo(\/|$)/,
  /^\.git\/worktrees$/,
  /^\.git\/worktrees\/(ins_|tsk_)/,
  /^\.git\/(modules\/[^/]+\/)?objects\//,
  // Compared by what it says, below.
  /^\.git\/packed-refs$/,
];

/** Everything of the user's: each working tree and git folder to the byte and the time, by path. */
export async function wholeRepository(root: string, worktrees: readonly string[]): Promise<FolderDigest> {
  const whole: Record<string, string> = { ...digestWithout(await folderDigest(root), ofOcto) };
  for (const worktree of worktrees) {
    for (const [path, digest] of Object.entries(await folderDigest(worktree))) whole[join(worktree, path)] = digest;
  }
  const packed = await readFile(join(root, ".git/packed-refs"), "utf8").catch(() => "");
  whole["packed refs"] = packed
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.includes(" refs/heads/octo/") && !line.includes(" refs/octo/"))
    .join("\n");
  return whole;
}

/** Paths that differ. */
export function differences(before: FolderDigest, after: FolderDigest): readonly string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]).sort();
}

/** What a merge may change: the branch, its log, and in the working tree that has it checked out the named files, index and HEAD's log. */
export function mayChange(root: string, { into, files, checkout, how }: MergeResult): (path: string) => boolean {
  if (how === "none") return () => false;
  const allowed = new Set([`.git/refs/heads/${into}`, `.git/logs/refs/heads/${into}`]);
  if (checkout === undefined) return (path) => allowed.has(path);
  const at = (path: string): string => (checkout === root ? path : join(checkout, path));
  const gitFolder = checkout === root ? ".git" : `.git/worktrees/${checkout.slice(checkout.lastIndexOf("/") + 1)}`;
  for (const path of [`${gitFolder}/index`, `${gitFolder}/logs/HEAD`]) allowed.add(path);
  for (const file of files) {
    allowed.add(at(file));
    for (let end = file.lastIndexOf("/"); end > 0; end = file.lastIndexOf("/", end - 1)) allowed.add(at(file.slice(0, end)));
  }
  return (path) => allowed.has(path);
}
