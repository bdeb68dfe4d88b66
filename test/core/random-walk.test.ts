import { expect, test } from "vitest";
import { Walk } from "./walk";

const walks = Number(process.env.OCTO_WALKS ?? 600);
const firstSeed = Number(process.env.OCTO_SEED ?? 1);
const chaosSteps = Number(process.env.OCTO_STEPS ?? 300);

test(`brings every task to an end after ${walks} walks through everything that can go wrong`, { timeout: 120_000 }, () => {
  const failures: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + walks; seed += 1) {
    try {
      const walk = new Walk(seed);
      walk.chaos(chaosSteps);
      walk.kindness();
    } catch (thrown) {
      failures.push(`seed ${seed}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  expect(failures).toEqual([]);
});
