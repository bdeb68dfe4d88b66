import { expect, test } from "vitest";
import { type ChaosReport, runChaos } from "./run-chaos";

const seed = Number(process.env.OCTO_TEST_SEED ?? Date.now() % 1_000_000);

function expectNothingLost(report: ChaosReport): void {
  console.log(JSON.stringify(report));
  expect(report).toMatchObject({ lost: [], doubled: [], otherEnds: {}, falseDeaths: 0 });
  expect(report.succeeded).toBe(report.tasks);
  expect(report.noticed.p99Ms).toBeLessThan(2_000);
  // Servers start all the time here, so some tasks are later; where nothing else happens, none is (server-death.long.test.ts).
  expect(report.moved.medianMs).toBeLessThan(2_000);
}

test("loses no task and doubles no turn through 200 kills of bridge and servers", { timeout: 40 * 60_000 }, async () => {
  const report = await runChaos({ kills: 200, seed, real: false });
  expectNothingLost(report);
  expect(report.tasks).toBeGreaterThan(200);
});

test("loses no task and doubles no turn through 10 kills with real OpenCode servers", { timeout: 20 * 60_000 }, async () => {
  expectNothingLost(await runChaos({ kills: 10, seed, real: true }));
});
