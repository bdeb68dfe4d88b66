import { expect, it } from "vitest";
import { killRounds } from "./kill-rounds";
import { tornLogRounds } from "./torn-log-rounds";

const seed = Number(process.env.OCTO_TEST_SEED ?? Date.now() % 1_000_000);

it("loses nothing acknowledged and keeps no half of a batch over 20 kills", { timeout: 120_000 }, async () => {
  expect(await killRounds(20, seed)).toBeGreaterThan(100);
});

it("opens with a whole prefix of the batches however the log is torn", { timeout: 60_000 }, async () => {
  expect(await tornLogRounds(60, seed)).toBeGreaterThan(10);
});
