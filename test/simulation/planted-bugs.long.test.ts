import { expect, test } from "vitest";
import { plantedBugs } from "./planted-bugs";
import { runSeeds } from "./run-seeds";

test.each(plantedBugs)("notices within 1,000 seeds: %s", async (planted) => {
  const { failures, seeds } = await runSeeds({ first: 1, count: 1_000, planted, failuresMax: 1 });
  console.log(`${planted}: ${failures.length} of ${seeds} seeds, first ${failures[0]?.seed}: ${failures[0]?.violations[0]}`);
  expect(failures.length).toBeGreaterThan(0);
});
