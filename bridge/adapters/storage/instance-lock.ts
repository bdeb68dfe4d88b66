import { closeSync, openSync } from "node:fs";
import Database from "better-sqlite3";
import { storageCode, toStoreError } from "./storage-error";

/** Held until `release` or the end of the process, SIGKILL included. */
export interface Lock {
  /** May be called twice. */
  release(): void;
}

/** A connection that nobody refers to is closed by the garbage collector, and its lock freed. */
const heldConnections = new Set<Database.Database>();

/**
 * Two starters can disturb each other's first try; then both try again. A loser waits this long before it gives up.
 */
const lockTimeoutMs = 500;

/**
 * The lock that makes this bridge the only one; undefined when another process (or this one) holds it. It is SQLite's
 * exclusive lock on the empty file `path`, so the kernel's: nothing stale is left after a crash, and children do not inherit it.
 * STORE_FAILED when the file cannot be made or locked.
 */
export function acquireLock(path: string): Lock | undefined {
  let database: Database.Database | undefined;
  try {
    createFile(path);
    database = new Database(path, { fileMustExist: true, timeout: lockTimeoutMs });
    database.exec("BEGIN EXCLUSIVE");
  } catch (thrown) {
    database?.close();
    if (storageCode(thrown)?.startsWith("SQLITE_BUSY") === true) return undefined;
    throw toStoreError(thrown, path);
  }
  const held = database;
  heldConnections.add(held);
  return {
    release: () => {
      held.close();
      heldConnections.delete(held);
    },
  };
}

/** Never opens a file that exists: closing it would drop a lock that this process holds on it (POSIX). */
function createFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (thrown) {
    if (storageCode(thrown) !== "EEXIST") throw thrown;
  }
}
