import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file (0600) whole, on the disk before it settles: after a power cut it is the old one or this. One writer of a file at a time.
 * Raises the file system's errors; the file is the old one then.
 */
export async function writeDurably(file: string, data: string | Uint8Array): Promise<void> {
  const fresh = `${file}.new`;
  // Of one that was killed: its mode may be anything.
  await rm(fresh, { force: true });
  try {
    await inOpened(fresh, "wx", async (handle) => {
      await handle.writeFile(data);
      await handle.sync();
    });
    await rename(fresh, file);
  } catch (thrown) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw thrown;
  }
  // Until then a power cut may undo the rename.
  await inOpened(dirname(file), "r", (folder) => folder.sync());
}

async function inOpened(path: string, flags: string, work: (handle: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const handle = await open(path, flags, 0o600);
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}
