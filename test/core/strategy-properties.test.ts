import { expect, test } from "vitest";
import { strategies } from "../../shared/task";
import { meanBurstRatio } from "../helpers/burst";
import { Fleet } from "../helpers/fleet";
import { seededRandom } from "../helpers/seeded-random";

const seeds = 100;

test("round-robin gives every instance the same number of tasks, give or take one, whatever ends in between", () => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const random = seededRandom(seed);
    const instances = 2 + Math.floor(random() * 9);
    const fleet = new Fleet(
      Array.from({ length: instances }, () => 50),
      "round-robin",
      seed,
    );
    const running = new Set<ReturnType<Fleet["submit"]>>();
    for (let task = 0; task < 40; task += 1) {
      running.add(fleet.submit());
      const [oldest] = running;
      if (oldest === undefined || random() < 0.5) continue;
      running.delete(oldest);
      fleet.complete(oldest);
    }
    const each = fleet.placementCounts();
    expect(Math.max(...each) - Math.min(...each), `seed ${seed}`).toBeLessThanOrEqual(1);
  }
});

test("least-loaded ends a burst on unevenly loaded instances within 5 % of the best possible, and random later than the others", () => {
  const ratio = Object.fromEntries(strategies.map((name) => [name, meanBurstRatio(name, seeds)]));
  expect(ratio["least-loaded"]).toBeLessThanOrEqual(1.05);
  expect(ratio.random).toBeGreaterThan(ratio["round-robin"] ?? Number.NaN);
  expect(ratio.random).toBeGreaterThan(ratio["least-loaded"] ?? Number.NaN);
});

test("places by priority, then in order of submission, and one that fits nowhere holds up no other", () => {
  const fleet = new Fleet([1], "least-loaded");
  const first = fleet.submit();
  fleet.submit({ filter: { instances: [], hosts: [], labels: ["gpu"] }, priority: 9 });
  const low = fleet.submit();
  const high = fleet.submit({ priority: 1 });
  const later = fleet.submit();
  for (const id of [first, high, low]) fleet.complete(id);
  expect(fleet.placements.map(({ taskId }) => taskId)).toEqual([first, high, low, later]);
  expect(fleet.queued).toBe(1);
});
