import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openStore } from "../../../bridge/adapters/storage/open-store";
import { faultsOf } from "../../fixtures/numbered-batches";
import { seededRandom } from "../../helpers/seeded-random";
import { tempFolder } from "../../helpers/temp-folder";
import { typescriptChild } from "../../helpers/typescript-child";

/** Few enough that the store does not yet move its log into the database, which it does after some 95 of them. */
const batches = 50;

/**
 * What a power cut leaves: `copies` of a database whose log is cut at a random byte, or has one bit turned. Each opens, and
 * holds the batches up to some number whole. Returns how many different numbers there were.
 */
export async function tornLogRounds(copies: number, seed: number): Promise<number> {
  const random = seededRandom(seed);
  await using folder = await tempFolder("octo-torn");
  const source = join(folder.path, "source.db");
  const copy = join(folder.path, "copy.db");
  await using writer = typescriptChild("test/fixtures/store-writer.ts", [source, "4096", String(batches)]);
  await writer.line((line) => line === String(batches));
  await writer.kill();
  const log = readFileSync(`${source}-wal`);
  const kept = new Set<number>();
  for (let round = 0; round < copies; round += 1) {
    copyFileSync(source, copy);
    writeFileSync(`${copy}-wal`, log);
    const at = Math.floor(random() * log.length);
    if (round % 2 === 0) truncateSync(`${copy}-wal`, at);
    else writeFileSync(`${copy}-wal`, withTurnedBit(log, at, Math.floor(random() * 8)));
    kept.add(newestOf(copy, `seed ${seed}, copy ${round}, byte ${at} of ${log.length}`));
  }
  return kept.size;
}

function withTurnedBit(log: Buffer, at: number, bit: number): Buffer {
  const turned = Buffer.from(log);
  turned.writeUInt8(turned.readUInt8(at) ^ (1 << bit), at);
  return turned;
}

/** Opening checks the whole database too (quick_check). */
function newestOf(path: string, message: string): number {
  const store = openStore({ path, ballastBytes: 4_096 });
  try {
    const newest = store.load().clockMs;
    expect(faultsOf(store, newest), message).toEqual([]);
    return newest;
  } finally {
    store.close();
  }
}
