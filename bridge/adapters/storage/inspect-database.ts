import type { Database } from "better-sqlite3";
import { z } from "zod";
import { OctoError } from "../../octo-error";
import { storageCode, toStoreError } from "./storage-error";

/** Marks a database as octo's own: "octo" in ASCII, in `PRAGMA application_id`. */
export const applicationId = 0x6f63746f;

export function userVersion(database: Database): number {
  return z
    .number()
    .int()
    .parse(database.pragma("user_version", { simple: true }));
}

/**
 * Returns when octo of schema `versionKnown` may work with this database; changes nothing in it.
 * STORE_NEWER: a newer octo made it. STORE_CORRUPT: damaged, or not octo's.
 */
export function inspectDatabase(database: Database, versionKnown: number): void {
  const path = database.name;
  try {
    if (!isOurs(database)) throw new OctoError("STORE_CORRUPT", `${path} is a database, but not one of octo`);
    const version = userVersion(database);
    if (version > versionKnown) {
      throw new OctoError("STORE_NEWER", `${path} has schema ${version}; this octo knows ${versionKnown}`);
    }
    const verdict = database.pragma("quick_check(1)", { simple: true });
    if (verdict !== "ok") throw new OctoError("STORE_CORRUPT", `${path} is damaged: ${verdict}`);
  } catch (thrown) {
    // A damaged schema or header is plain SQLITE_ERROR ("malformed database schema", "unsupported file format").
    if (storageCode(thrown) !== "SQLITE_ERROR") throw thrown;
    throw new OctoError("STORE_CORRUPT", toStoreError(thrown, path).message, { cause: thrown });
  }
}

/** Ours by its mark, or empty: a start that was killed may leave an empty one. */
function isOurs(database: Database): boolean {
  if (database.pragma("application_id", { simple: true }) === applicationId) return true;
  return database.prepare("SELECT count(*) FROM sqlite_schema").pluck().get() === 0;
}
