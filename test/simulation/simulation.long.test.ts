import { expect, test } from "vitest";
import { runSeeds } from "./run-seeds";

test("keeps every promise through 10,000 seeds, within ten minutes", { timeout: 20 * 60_000 }, async () => {
  const { failures, seconds, ...figures } = await runSeeds({ first: 1, count: 10_000, failuresMax: 10 });
  console.log({ ...figures, seconds });
  expect(failures.map(({ seed, violations }) => `seed ${seed}: ${violations[0]}`)).toEqual([]);
  expect(seconds).toBeLessThan(600);
});
