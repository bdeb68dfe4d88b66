import { expect, test } from "vitest";
import { tellSeed } from "../seed";
import { fuzzAnswers } from "./fuzz-answers";

const rssMaxBytes = 1_200 * 1024 * 1024;

test("10,000 changed answers of OpenCode, to every method: each call ends in time with its value or a code, in bounded memory", async () => {
  tellSeed();
  const startedMs = performance.now();
  const figures = await fuzzAnswers(10_000, 20);
  console.log({ ...figures, tookMs: Math.round(performance.now() - startedMs) });
  expect(figures.answers).toBeGreaterThanOrEqual(10_000);
  expect(figures.taken).toBeGreaterThan(1_000);
  expect(figures.refused).toBeGreaterThan(1_000);
  expect(figures.rssMaxBytes).toBeLessThan(rssMaxBytes);
});
