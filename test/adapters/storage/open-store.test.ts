import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { inspectDatabase } from "../../../bridge/adapters/storage/inspect-database";
import { migrate, migrations } from "../../../bridge/adapters/storage/migrations";
import { openDatabase } from "../../../bridge/adapters/storage/open-database";
import { openStore } from "../../../bridge/adapters/storage/open-store";
import type { Store } from "../../../bridge/ports/store";
import { batch, storedTask } from "../../contract/store-contract";

let folder = "";
let path = "";

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "octo-open-store-")));
  path = join(folder, "octo.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): Store => openStore({ path, ballastBytes: 4_096 });
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const digest = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

function makeDatabase(change: (database: Database.Database) => void = () => {}): void {
  const store = open();
  store.commit(batch({ clockMs: 7, tasks: Array.from({ length: 100 }, (_, index) => storedTask(`tsk_${index}`)) }));
  store.close();
  const database = new Database(path);
  change(database);
  database.close();
}

it("makes files that only the user can read", () => {
  const store = open();
  store.commit(batch({ tasks: [storedTask("tsk_1")] }));
  const modes = readdirSync(folder).map((name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`);
  expect(modes.sort()).toEqual(["octo.db 600", "octo.db-wal 600", "octo.db.ballast 600"]);
  store.close();
});

it("has every commit on the disk when it returns, not in a cache", () => {
  const database = openDatabase(path, migrations.length);
  const settings = ["synchronous", "fullfsync", "journal_mode", "locking_mode", "auto_vacuum"];
  const values = settings.map((name) => database.pragma(name, { simple: true }));
  database.close();
  expect(values).toEqual([2, 1, "wal", "exclusive", 2]);
});

it("writes nothing at a start that finds everything in order", () => {
  makeDatabase();
  const before = digest(path);
  open().close();
  expect(digest(path)).toBe(before);
});

it("refuses a newer database and leaves it untouched", () => {
  makeDatabase((database) => database.pragma(`user_version = ${migrations.length + 1}`));
  const before = digest(path);
  expect(open).toThrow(code("STORE_NEWER"));
  expect(digest(path)).toBe(before);
});

it("leaves the log of a newer database untouched too, as a crash left it", () => {
  makeDatabase();
  const database = new Database(path);
  database.pragma(`user_version = ${migrations.length + 1}`);
  const crashed = join(folder, "crashed.db");
  for (const suffix of ["", "-wal"]) copyFileSync(`${path}${suffix}`, `${crashed}${suffix}`);
  database.close();
  path = crashed;
  const before = [digest(path), digest(`${path}-wal`)];
  expect(open).toThrow(code("STORE_NEWER"));
  expect([digest(path), digest(`${path}-wal`)]).toEqual(before);
});

it("refuses a file that is no database and keeps it byte for byte", () => {
  writeFileSync(path, "this is no database, but somebody's diary".repeat(200));
  const before = digest(path);
  expect(open).toThrow(code("STORE_CORRUPT"));
  expect(digest(path)).toBe(before);
});

it("refuses a database of another program and keeps it byte for byte", () => {
  const other = new Database(path);
  other.exec("CREATE TABLE recipes (name TEXT)");
  other.close();
  const before = digest(path);
  expect(open).toThrow(code("STORE_CORRUPT"));
  expect(digest(path)).toBe(before);
});

it.each([
  ["cut off", (): void => truncateSync(path, 3 * 4_096)],
  ["overwritten in the middle", (): void => overwrite(2 * 4_096, 4 * 4_096)],
  ["overwritten in its schema", (): void => overwrite(120, 4_096)],
  ["of an unknown format", (): void => overwrite(44, 48)],
])("refuses a database that is %s and keeps it byte for byte", (_damage, damage) => {
  makeDatabase();
  damage();
  const before = digest(path);
  expect(open).toThrow(code("STORE_CORRUPT"));
  expect(digest(path)).toBe(before);
});

function overwrite(from: number, to: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0x5a, from, to));
}

it.each([
  ["missing", (): void => rmSync(path)],
  ["empty", (): void => truncateSync(path, 0)],
])("refuses a log whose database is %s instead of deleting it", (_damage, damage) => {
  makeDatabase();
  writeFileSync(`${path}-wal`, "frames");
  damage();
  expect(open).toThrow(code("STORE_CORRUPT"));
  expect(readFileSync(`${path}-wal`, "utf8")).toBe("frames");
});

it("starts anew where an earlier start left an empty file", () => {
  writeFileSync(path, "");
  const store = open();
  expect(store.load().clockMs).toBe(0);
  store.close();
});

it("rolls back what a start that was killed left half done", () => {
  makeDatabase((made) => made.pragma("journal_mode = DELETE"));
  const database = new Database(path);
  // Too small a cache: the transaction reaches the database before its end, and its journal is needed.
  database.exec("PRAGMA cache_size = 1; BEGIN; UPDATE tasks SET json = hex(randomblob(1000)); UPDATE clock SET clock_ms = 8");
  const crashed = join(folder, "crashed.db");
  for (const suffix of ["", "-journal"]) copyFileSync(`${path}${suffix}`, `${crashed}${suffix}`);
  database.close();
  path = crashed;
  const store = open();
  expect(store.load().clockMs).toBe(7);
  expect(store.task("tsk_5")).toBe(storedTask("tsk_5").json);
  store.close();
});

it("lets no second store in, of this process or another, until the first is closed", async () => {
  const store = open();
  expect(open).toThrow(code("STORE_FAILED"));
  const program = `new (require("better-sqlite3"))(process.argv[1], { timeout: 50 }).prepare("SELECT * FROM tasks").all()`;
  const reader = promisify(execFile)(process.execPath, ["-e", program, path], { timeout: 10_000 });
  await expect(reader).rejects.toThrow("SQLITE_BUSY");
  store.close();
  open().close();
});

it("undoes a migration that fails and keeps the ones before it", () => {
  makeDatabase();
  const database = new Database(path);
  const next = [...migrations, "CREATE TABLE first_new (id TEXT)", "CREATE TABLE second_new (id TEXT); SELECT broken"];
  expect(() => migrate(database, next)).toThrow("broken");
  expect(database.pragma("user_version", { simple: true })).toBe(migrations.length + 1);
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE '%_new'").pluck().all();
  expect(names).toEqual(["first_new"]);
  database.close();
});

it("keeps a whole copy of the database that it migrates, which the older octo opens again", () => {
  makeDatabase();
  const steps = [...migrations, "CREATE TABLE first_new (id TEXT)"];
  openStore({ path, ballastBytes: 4_096, migrations: steps }).close();
  expect(open).toThrow(code("STORE_NEWER"));
  const copy = `${path}.schema-${migrations.length}`;
  expect((statSync(copy).mode & 0o777).toString(8)).toBe("600");
  copyFileSync(copy, path);
  const store = open();
  expect(store.load()).toMatchObject({ clockMs: 7 });
  expect(store.load().tasks).toHaveLength(100);
  store.close();
});

it("migrates nothing when the copy cannot be made", () => {
  makeDatabase();
  const before = digest(path);
  mkdirSync(`${path}.schema-${migrations.length}`);
  const steps = [...migrations, "CREATE TABLE first_new (id TEXT)"];
  expect(() => openStore({ path, ballastBytes: 4_096, migrations: steps })).toThrow(code("STORE_FAILED"));
  expect(digest(path)).toBe(before);
  expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  open().close();
});

it("runs each migration once", () => {
  makeDatabase();
  const database = new Database(path);
  const next = [...migrations, "CREATE TABLE first_new (id TEXT)"];
  migrate(database, next);
  migrate(database, next);
  inspectDatabase(database, next.length);
  expect(() => inspectDatabase(database, migrations.length)).toThrow(code("STORE_NEWER"));
  database.close();
});

it("says STORE_FAILED where there is no such folder", () => {
  path = join(folder, "missing", "octo.db");
  expect(open).toThrow(code("STORE_FAILED"));
});
