import fc from "fast-check";
import { expect, test } from "vitest";
import { steps, type Tally, walk } from "./results-walk";

test("whatever state a repository is in, octo changes nothing of the user's but the branch that merge names", {
  timeout: 120_000,
}, async () => {
  const tally: Tally = new Map();
  await fc.assert(
    fc.asyncProperty(steps, (all) => walk(all, tally)),
    { numRuns: 8, endOnFailure: true },
  );
  expect(tally.get("work")).toBeGreaterThan(0);
});
