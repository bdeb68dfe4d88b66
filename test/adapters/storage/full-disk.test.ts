import { existsSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../../bridge/adapters/storage/open-store";
import type { Store } from "../../../bridge/ports/store";
import { faultsOf, numberedBatch } from "../../fixtures/numbered-batches";
import { canMountDisks, type SmallDisk, smallDisk } from "../../helpers/small-disk";
import { tempFolder } from "../../helpers/temp-folder";
import { typescriptChild } from "../../helpers/typescript-child";

const megabyteBytes = 1024 * 1024;
// As in earnest: some times the log's 4 MB.
const ballastBytes = 10 * megabyteBytes;
const full = expect.objectContaining({ code: "STORE_FULL" });

describe.skipIf(!(await canMountDisks()))("a store on a disk of 32 MB", () => {
  let disk: SmallDisk;
  let folder = "";
  let path = "";
  let store: Store;
  let acknowledged = 0;

  beforeAll(async () => {
    disk = await smallDisk(32 * megabyteBytes);
    folder = disk.path;
    path = join(folder, "octo.db");
  });
  beforeEach(() => {
    acknowledged = 0;
    store = open();
  });
  afterEach(() => {
    store.close();
    for (const name of ["octo.db", "octo.db-wal", "octo.db.ballast", "filler"]) rmSync(join(folder, name), { force: true });
  });
  afterAll(() => disk[Symbol.asyncDispose]());

  const open = (): Store => openStore({ path, ballastBytes, freeBytesMin: megabyteBytes });
  const commitMore = (batches: number): void => {
    for (let count = 0; count < batches; count += 1) {
      store.commit(numberedBatch(acknowledged + 1));
      acknowledged += 1;
    }
  };
  const freeBytes = (): number => statfsSync(folder).bavail * statfsSync(folder).bsize;
  const fillDisk = (bytesLeft = 0): void => {
    const bytes = freeBytes() - bytesLeft;
    if (bytes > 0) writeFileSync(join(folder, "filler"), Buffer.alloc(bytes), { flag: "a" });
    expect(freeBytes()).toBe(bytesLeft);
  };
  const freeDisk = (): void => rmSync(join(folder, "filler"));
  const hasBallast = (): boolean => statSync(`${path}.ballast`, { throwIfNoEntry: false })?.size === ballastBytes;

  it("refuses new work while what is under way still commits, from the ballast", () => {
    commitMore(10);
    store.checkFreeSpace();
    expect(hasBallast()).toBe(true);
    fillDisk();
    expect(() => store.checkFreeSpace()).toThrow(full);
    commitMore(300);
    expect(hasBallast()).toBe(false);
    expect(faultsOf(store, acknowledged)).toEqual([]);
  });

  it("loses nothing acknowledged when even the ballast is used up, and still reads", () => {
    expect(() => commitMore(10_000)).toThrow(full);
    expect(acknowledged).toBeGreaterThan(300);
    expect(faultsOf(store, acknowledged)).toEqual([]);
    expect(() => commitMore(1)).toThrow(full);
    store.close();
    store = open();
    expect(faultsOf(store, acknowledged)).toEqual([]);
  });

  it("goes on rewriting what is there with no space at all, not even a ballast", () => {
    const rewrite = (): void => store.commit({ ...numberedBatch(1), clockMs: 2, requests: [] });
    rewrite();
    store.close();
    store = open();
    for (let count = 0; count < 20; count += 1) rewrite();
    rmSync(`${path}.ballast`);
    fillDisk();
    for (let count = 0; count < 200; count += 1) rewrite();
    expect(store.load().clockMs).toBe(2);
  });

  it("goes on and makes its ballast anew once there is space again", () => {
    fillDisk(megabyteBytes);
    expect(() => commitMore(10_000)).toThrow(full);
    freeDisk();
    fillDisk(ballastBytes + megabyteBytes / 2);
    expect(() => store.checkFreeSpace()).toThrow(full);
    expect(hasBallast()).toBe(false);
    freeDisk();
    store.checkFreeSpace();
    expect(hasBallast()).toBe(true);
    commitMore(10);
    expect(faultsOf(store, acknowledged)).toEqual([]);
  });

  it("can prune on a full disk, and gives the space back", () => {
    commitMore(500);
    fillDisk();
    expect(() => store.checkFreeSpace()).toThrow(full);
    expect(store.prune({ endedBeforeEpochMs: acknowledged, requestsBeforeEpochMs: 0 })).toBe(acknowledged - 1);
    const grownBytes = statSync(path).size;
    store.close();
    expect(statSync(path).size).toBeLessThan(grownBytes / 2);
    store = open();
    expect(store.load().clockMs).toBe(acknowledged);
  });

  it("opens, reads and commits on a full disk", () => {
    commitMore(10);
    store.close();
    fillDisk();
    store = open();
    expect(faultsOf(store, acknowledged)).toEqual([]);
    commitMore(10);
    expect(faultsOf(store, acknowledged)).toEqual([]);
  });

  it("says STORE_FULL where there is no space for a new database, and leaves no ballast", () => {
    store.close();
    for (const name of ["octo.db", "octo.db.ballast"]) rmSync(join(folder, name));
    fillDisk();
    expect(open).toThrow(full);
    expect(existsSync(`${path}.ballast`)).toBe(false);
  });
});

it("says STORE_FAILED and keeps what it acknowledged when the disk refuses to write for another reason", async () => {
  await using folder = await tempFolder();
  // The limit is 512-byte or 1,024-byte blocks, as the shell pleases. Without the trap the first refused write kills.
  const limited = ["sh", "-c", `trap "" XFSZ; ulimit -f 1000; exec "$@"`, "sh"];
  await using writer = typescriptChild("test/fixtures/store-writer.ts", [join(folder.path, "octo.db")], limited);
  await writer.line((line) => line === "STORE_FAILED");
  expect(writer.lines.slice(writer.lines.indexOf("STORE_FAILED") + 1).join("")).toBe("");
});
