import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TempFolder extends AsyncDisposable {
  /** Absolute and real: no symbolic link in it (macOS's temp folder is one). */
  readonly path: string;
}

/** A new empty folder (0700) that is removed with all it holds: `await using folder = await tempFolder();`. */
export async function tempFolder(name = "octo"): Promise<TempFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
  return {
    path,
    // A dying process may still write there: removing is tried again.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}
