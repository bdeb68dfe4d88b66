import { expect, test } from "vitest";
import { tellSeed } from "../seed";
import { fuzzStreams } from "./fuzz-streams";

const rssMaxBytes = 1_200 * 1024 * 1024;

test("10,000 changed event streams of OpenCode end nothing: each is followed as far as it can be read, in bounded memory", async () => {
  tellSeed();
  const startedMs = performance.now();
  const figures = await fuzzStreams(10_000, 20);
  console.log({ ...figures, tookMs: Math.round(performance.now() - startedMs) });
  expect(figures.streams).toBeGreaterThanOrEqual(10_000);
  expect(figures.news).toBeGreaterThan(5_000);
  expect(figures.losses).toBeGreaterThan(500);
  expect(figures.rssMaxBytes).toBeLessThan(rssMaxBytes);
});
