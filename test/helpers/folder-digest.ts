import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** Path below the folder -> what is there: kind, mode, time of the last change, and a hash of the content. */
export type FolderDigest = Readonly<Record<string, string>>;

/** Everything below a folder, hidden files included; empty when there is none. */
export async function folderDigest(folder: string): Promise<FolderDigest> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  const digests = await Promise.all(entries.sort().map(async (path) => [path, await digest(join(folder, path))] as const));
  return Object.fromEntries(digests);
}

async function digest(path: string): Promise<string> {
  const stats = await lstat(path);
  const kind = `${stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "file"} ${(stats.mode & 0o7777).toString(8)}`;
  // Its time also changes when something is made and removed in it.
  if (stats.isDirectory()) return kind;
  const content = stats.isSymbolicLink()
    ? await readlink(path)
    : createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
  return `${kind} @${stats.mtimeMs} ${content}`;
}

/** Without the paths that match. */
export function digestWithout(digest: FolderDigest, patterns: readonly RegExp[]): FolderDigest {
  return Object.fromEntries(Object.entries(digest).filter(([path]) => !patterns.some((pattern) => pattern.test(path))));
}
