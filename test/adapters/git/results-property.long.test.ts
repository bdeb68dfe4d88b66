import fc from "fast-check";
import { expect, test } from "vitest";
import { steps, type Tally, walk } from "./results-walk";

test("in 200 lives of repositories octo changes nothing of the user's but the branch that merge names", async () => {
  const tally: Tally = new Map();
  await fc.assert(
    fc.asyncProperty(steps, (all) => walk(all, tally)),
    { numRuns: 200, endOnFailure: true },
  );
  // It saw successes and refusals of every kind that matters.
  for (const name of ["merge", "drop", "open", "capture", "MERGE_CONFLICT", "MERGE_TARGET_DIRTY", "BRANCH_NOT_MERGED", "MERGE_NO_TARGET"]) {
    expect(tally.get(name) ?? 0, JSON.stringify([...tally])).toBeGreaterThan(0);
  }
});
