import { chmodSync, closeSync, existsSync, openSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { OctoError } from "../../octo-error";
import { applicationId, inspectDatabase } from "./inspect-database";
import { isPerhapsFull, storageCode } from "./storage-error";

/** How long to wait at the start for another process that has the database open. */
const busyTimeoutMs = 2_000;
/** In a commit, when nobody moved the log into the database before (see sqlite-store.ts). */
const walPagesMax = 2_000;
const walBytesKept = 16 * 1024 * 1024;

/**
 * The only connection to the database at `path`, made when there is none; files are 0600. A refused one stays as it is, byte
 * for byte: STORE_NEWER, STORE_CORRUPT. Raises SQLite's and the file system's errors untranslated.
 */
export function openDatabase(path: string, versionKnown: number): Database.Database {
  createFile(path);
  const isInspected = inspectReadonly(path, versionKnown);
  const database = new Database(path, { fileMustExist: true, timeout: busyTimeoutMs });
  try {
    // Before anything else: no second bridge can enter, and the index of the log stays in memory instead of a -shm file.
    database.pragma("locking_mode = EXCLUSIVE");
    if (!isInspected) inspectDatabase(database, versionKnown);
    configure(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** SQLite gives its -wal file the mode of the database. Never opens an existing file: closing it would drop this process's locks. */
function createFile(path: string): void {
  const isEmpty = !existsSync(path) || statSync(path).size === 0;
  const walPath = `${path}-wal`;
  // SQLite would delete the log of an empty database, and with it all that was committed last.
  if (isEmpty && existsSync(walPath) && statSync(walPath).size > 0) {
    throw new OctoError("STORE_CORRUPT", `${path} is missing or empty, but its log ${walPath} is not`);
  }
  if (existsSync(path)) chmodSync(path, 0o600);
  else closeSync(openSync(path, "wx", 0o600));
}

/**
 * A readonly connection writes neither the database nor its log. False when it cannot look: a start that was killed left work
 * to roll back (a hot journal), or a full disk has no space for the -shm file that it, unlike an exclusive one, needs.
 */
function inspectReadonly(path: string, versionKnown: number): boolean {
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    inspectDatabase(database, versionKnown);
    return true;
  } catch (thrown) {
    if (isPerhapsFull(thrown) || storageCode(thrown)?.startsWith("SQLITE_READONLY") === true) return false;
    throw thrown;
  } finally {
    database.close();
  }
}

function configure(database: Database.Database): void {
  const isNew = database.pragma("application_id", { simple: true }) !== applicationId;
  // Only a database without a table takes it, and another would be written to at every start.
  if (isNew) database.pragma("auto_vacuum = INCREMENTAL");
  database.pragma("journal_mode = WAL");
  // better-sqlite3 is compiled with NORMAL as the default of WAL: it would lose acknowledged commits at a power cut.
  database.pragma("synchronous = FULL");
  // macOS: without it fsync leaves the data in the drive's cache.
  database.pragma("fullfsync = ON");
  database.pragma("foreign_keys = ON");
  database.pragma(`wal_autocheckpoint = ${walPagesMax}`);
  database.pragma(`journal_size_limit = ${walBytesKept}`);
  database.pragma("temp_store = MEMORY");
  // KiB. What the bridge works with is in its own memory; by better-sqlite3's default the cache grows to 16 MB in time.
  database.pragma("cache_size = -4096");
  if (isNew) database.pragma(`application_id = ${applicationId}`);
}
