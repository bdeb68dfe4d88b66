import { expect, it } from "vitest";
import { killRounds } from "./kill-rounds";
import { tornLogRounds } from "./torn-log-rounds";

const seed = Number(process.env.OCTO_TEST_SEED ?? Date.now() % 1_000_000);

it("loses nothing acknowledged and keeps no half of a batch over 200 kills", { timeout: 900_000 }, async () => {
  expect(await killRounds(200, seed)).toBeGreaterThan(1_000);
});

it("opens with a whole prefix of the batches in 2,000 torn or damaged logs", { timeout: 300_000 }, async () => {
  expect(await tornLogRounds(2_000, seed)).toBeGreaterThan(40);
});
