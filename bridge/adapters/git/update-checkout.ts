import { lstat, readdir, unlink } from "node:fs/promises";
import { OctoError } from "../../octo-error";
import type { Git } from "./git";
import { saysNotTouched } from "./git-error";
import { dirty } from "./merge-target";

export interface TreeChange {
  readonly status: string;
  /** Bytes: a name need not be UTF-8. */
  readonly path: Buffer;
}

const nul = 0;
const namesBytesMax = 64 * 1024 * 1024;

/** What differs between two commits, a file at a time; renames are a removed and an added file. */
export async function changesBetween(git: Git, root: string, from: string, to: string): Promise<readonly TreeChange[]> {
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--name-status", from, to];
  const fields = splitAtNul((await git(root, args, { outputBytesMax: namesBytesMax })).bytes);
  const changes: TreeChange[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    changes.push({ status: String(fields[index]), path: fields[index + 1] ?? Buffer.alloc(0) });
  }
  return changes;
}

function splitAtNul(bytes: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(nul); end >= 0; end = bytes.indexOf(nul, start)) {
    pieces.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return pieces;
}

/** MERGE_TARGET_DIRTY when a new file would take the place of one that git does not know, ignored ones included. */
export async function checkNothingOverwritten(root: string, changes: readonly TreeChange[]): Promise<void> {
  const removed = new Set(changes.filter(({ status }) => status === "D").map(({ path }) => path.toString("latin1")));
  const inTheWay: string[] = [];
  for (const { status, path } of changes) {
    if (status === "A" && (await blocker(root, path, removed)) !== undefined) inTheWay.push(path.toString("utf8"));
  }
  if (inTheWay.length > 0) throw dirty(`${root} holds files that git does not know, in the place of new ones`, inTheWay);
}

/** What stands at the path or above it, unless the merge removes it. Paths as latin1, so that all bytes survive. */
async function blocker(root: string, path: Buffer, removed: ReadonlySet<string>): Promise<string | undefined> {
  const names = path.toString("latin1").split("/");
  for (let count = 1; count <= names.length; count += 1) {
    const part = names.slice(0, count).join("/");
    const found = await lstat(below(root, Buffer.from(part, "latin1"))).catch(() => undefined);
    if (found === undefined || removed.has(part)) return undefined;
    if (!found.isDirectory()) return part;
    if (count === names.length) return await strangerBelow(root, part, removed);
  }
  return undefined;
}

async function strangerBelow(root: string, folder: string, removed: ReadonlySet<string>): Promise<string | undefined> {
  for (const entry of await readdir(below(root, Buffer.from(folder, "latin1")), { withFileTypes: true, encoding: "buffer" })) {
    const path = `${folder}/${entry.name.toString("latin1")}`;
    const stranger = entry.isDirectory() ? await strangerBelow(root, path, removed) : removed.has(path) ? undefined : path;
    if (stranger !== undefined) return stranger;
  }
  return undefined;
}

/**
 * Brings index and files of a clean working tree from one commit to another; git itself refuses where a file was changed meanwhile. What
 * fails in the middle is taken back.
 */
export async function updateCheckout(git: Git, root: string, changes: readonly TreeChange[], from: string, to: string): Promise<void> {
  try {
    await git(root, ["read-tree", "-m", "-u", from, to]);
  } catch (thrown) {
    const message = thrown instanceof OctoError ? thrown.message : "";
    if (saysNotTouched(message)) throw new OctoError("MERGE_TARGET_DIRTY", message);
    await takeBack(git, root, changes);
    throw thrown;
  }
}

/** Only files that git may have touched: the index still names the old ones. Added ones were not there before. */
async function takeBack(git: Git, root: string, changes: readonly TreeChange[]): Promise<void> {
  const written: Buffer[] = [];
  for (const { status, path } of changes) {
    if (status !== "A") written.push(path, Buffer.of(nul));
    else await unlink(below(root, path)).catch(() => undefined);
  }
  await git(root, ["checkout-index", "--force", "--quiet", "-z", "--stdin"], { input: Buffer.concat(written) }).catch(() => undefined);
}

function below(root: string, path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), path]);
}
