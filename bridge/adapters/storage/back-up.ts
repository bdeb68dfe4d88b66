import { closeSync, openSync, renameSync, rmSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { userVersion } from "./inspect-database";

/** Where the database of schema `version` is kept when a newer octo migrates it. */
function backUpPath(path: string, version: number): string {
  return `${path}.schema-${version}`;
}

/**
 * Copies a database of an older schema, its log included, before it is migrated: whoever has to go back to the older octo moves the copy
 * into its place. Whole or not at all, 0600. Raises SQLite's and the file system's errors; then nothing is to be migrated.
 */
export function backUpBeforeMigration(database: Database, versionKnown: number): void {
  const version = userVersion(database);
  if (version === 0 || version >= versionKnown) return;
  const path = backUpPath(database.name, version);
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  // SQLite fills an empty file, and leaves its mode.
  closeSync(openSync(fresh, "wx", 0o600));
  try {
    database.prepare("VACUUM INTO ?").run(fresh);
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw thrown;
  }
}
