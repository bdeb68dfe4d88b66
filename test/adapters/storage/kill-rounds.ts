import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { openStore } from "../../../bridge/adapters/storage/open-store";
import { faultsOf } from "../../fixtures/numbered-batches";
import { seededRandom } from "../../helpers/seeded-random";
import { tempFolder } from "../../helpers/temp-folder";
import { typescriptChild } from "../../helpers/typescript-child";

/** Acknowledged in a writer's life before it may be killed: what a round writes does not hang on the speed of the machine. */
const acknowledgedMin = 8;
/** Covers the moves of the log into the database, each after some 95 batches. */
const acknowledgedMoreMax = 192;
/** Covers some commits, so that the kill comes anywhere in one. */
const killedWithinMs = 60;
/** Covers the start of the process, the making of the database and its migration. */
const killedAtStartWithinMs = 900;

/**
 * Kills a writer `rounds` times at random instants, every fourth time while it starts, on a new database every tenth round;
 * after each kill everything acknowledged is there, and no half of a batch. Returns how many batches were written.
 */
export async function killRounds(rounds: number, seed: number): Promise<number> {
  const random = seededRandom(seed);
  await using folder = await tempFolder("octo-kill");
  let written = 0;
  let acknowledged = 0;
  for (let round = 0; round < rounds; round += 1) {
    const generation = Math.floor(round / 10);
    const path = join(folder.path, `octo-${generation}.db`);
    if (round % 10 === 0) acknowledged = 0;
    await using writer = typescriptChild("test/fixtures/store-writer.ts", [path]);
    if (round % 4 === 0) await delay(random() * killedAtStartWithinMs);
    else {
      const opened = Number((await writer.line((line) => line.startsWith("opened "))).slice("opened ".length));
      const enough = String(opened + acknowledgedMin + Math.floor(random() * (acknowledgedMoreMax + 1)));
      await writer.line((line) => line === enough);
      await delay(random() * killedWithinMs);
    }
    await writer.kill();
    const newest = Number(writer.lines.at(-1)?.replace("opened ", "") ?? acknowledged);
    written += newest - acknowledged;
    acknowledged = newestOfCopy(path, join(folder.path, "copy.db"), newest, `seed ${seed}, round ${round}`);
  }
  return written;
}

/** Looks at a copy, so that the next writer meets what the kill left. */
function newestOfCopy(path: string, copy: string, acknowledged: number, message: string): number {
  for (const suffix of ["", "-wal", "-journal"]) {
    rmSync(`${copy}${suffix}`, { force: true });
    if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
  }
  const store = openStore({ path: copy, ballastBytes: 4_096 });
  try {
    expect(faultsOf(store, acknowledged), message).toEqual([]);
    return store.load().clockMs;
  } finally {
    store.close();
  }
}
