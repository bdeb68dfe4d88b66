import type { Store } from "../../ports/store";
import { backUpBeforeMigration } from "./back-up";
import { Ballast } from "./ballast";
import { migrate, migrations } from "./migrations";
import { openDatabase } from "./open-database";
import { SqliteStore } from "./sqlite-store";
import { toStoreError } from "./storage-error";

const megabyteBytes = 1024 * 1024;

export interface StoreOptions {
  /** Of the database; its folder exists and is the user's alone (0700). Beside it: `-wal`, `.ballast`. */
  readonly path: string;
  /** Default 16 MiB. */
  readonly ballastBytes?: number | undefined;
  /** Free space below which `checkFreeSpace` refuses new work, default 32 MiB. */
  readonly freeBytesMin?: number | undefined;
  /** Steps of the schema, for tests; default: all. */
  readonly migrations?: readonly string[] | undefined;
}

/**
 * Opens the database, makes or migrates it (a copy of what was there stays beside it), and holds it alone until `close` or the end of the process, SIGKILL included.
 * STORE_NEWER, STORE_CORRUPT: refused and left byte for byte as it is. STORE_FAILED: another process has it open, or the
 * disk refuses. STORE_FULL: no space to open it, the ballast given up already.
 */
export function openStore(options: StoreOptions): Store {
  const { path, migrations: steps = migrations, ballastBytes = 16 * megabyteBytes, freeBytesMin = 32 * megabyteBytes } = options;
  const ballast = new Ballast({ path: `${path}.ballast`, bytes: ballastBytes, freeBytesMin });
  try {
    const store = ballast.runWith(() => openMigrated(path, ballast, steps));
    makeBallast(ballast);
    return store;
  } catch (thrown) {
    throw toStoreError(thrown, path);
  }
}

function openMigrated(path: string, ballast: Ballast, steps: readonly string[]): Store {
  const database = openDatabase(path, steps.length);
  try {
    backUpBeforeMigration(database, steps.length);
    migrate(database, steps);
    return new SqliteStore(database, ballast);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function makeBallast(ballast: Ballast): void {
  try {
    ballast.checkFreeSpace();
  } catch {
    // No reason not to open: running tasks need the store. `checkFreeSpace` refuses the new ones.
  }
}
