import { expect, test } from "vitest";
import { noDay, usageToday } from "../../bridge/core/day";
import { explain } from "../../bridge/core/eligibility";
import type { Policy } from "../../bridge/core/policy";
import { a, b, error, finish, hears, one, reach, ready, settle, submit, two, usage } from "./steps";
import { World } from "./world";

const monday = { ...noDay, name: "2026-11-23" };
const tuesday = { ...noDay, name: "2026-11-24" };

function workday(policy: Partial<Policy>): World {
  const world = new World(policy);
  world.send({ kind: "day-began", day: monday });
  ready(world, a, { slots: 1 });
  submit(world, one);
  reach(world, one, "started");
  return world;
}

test("places nothing more once the day's limit is reached, and lets what runs go on to its end", () => {
  const world = workday({ dayCostMax: 1 });
  submit(world, two);
  hears(world, one, { kind: "usage-reported", usage: usage(10, 0.99) });
  expect(world.state.day.reached).toBeUndefined();
  hears(world, one, { kind: "usage-reported", usage: usage(10, 1) });
  expect(world.state.day.reached).toBe("$1.00 of $1.00 used today");
  expect(world.stage(one)).toBe("started");
  settle(world, one, { kind: "succeeded" }, usage(10, 1.2));
  finish(world, one);
  expect([world.stage(one), world.stage(two)]).toEqual(["succeeded", "queued"]);
  expect(explain(world.task(two), world.state, world.state.policy)[0]).toContain("$1.00 of $1.00 used today");
});

test("counts tokens in and out toward the tokens of a day, over all tasks", () => {
  const world = workday({ dayTokensMax: 100 });
  settle(world, one, { kind: "succeeded" }, usage(60));
  finish(world, one);
  submit(world, two);
  reach(world, two, "started");
  hears(world, two, { kind: "usage-reported", usage: { tokensIn: 20, tokensOut: 20, cost: 0 } });
  expect(world.state.day.reached).toBe("100 of 100 tokens used today");
});

test("goes on at midnight", () => {
  const world = workday({ dayCostMax: 1 });
  settle(world, one, { kind: "succeeded" }, usage(10, 2));
  finish(world, one);
  submit(world, two);
  expect(world.stage(two)).toBe("queued");
  world.send({ kind: "day-began", day: tuesday });
  expect(world.stage(two)).toBe("preparing");
  expect(world.state.day).toMatchObject(tuesday);
  expect(world.state.day.reached).toBeUndefined();
});

test("goes on when a person lets the day cost more, until that is used up too", () => {
  const world = workday({ dayCostMax: 1 });
  settle(world, one, { kind: "succeeded" }, usage(10, 2));
  finish(world, one);
  submit(world, two);
  world.send({ kind: "day-allowed", more: { tokens: 0, cost: 0.5 } });
  expect(world.stage(two)).toBe("queued");
  world.send({ kind: "day-allowed", more: { tokens: 0, cost: 1 } });
  reach(world, two, "started");
  hears(world, two, { kind: "usage-reported", usage: usage(1, 0.5) });
  expect(world.state.day.reached).toBe("$2.50 of $2.50 used today");
});

test("books what an attempt used up until midnight on the day before, and the rest on its own", () => {
  const world = workday({});
  hears(world, one, { kind: "usage-reported", usage: usage(10, 0.25) });
  world.send({ kind: "day-began", day: tuesday });
  expect(usageToday(world.state)).toEqual(usage(0, 0));
  settle(world, one, { kind: "succeeded" }, usage(30, 1));
  finish(world, one);
  expect(world.booked.map(({ day, attempt, instanceId, usage: { tokensIn, cost } }) => [day, attempt, instanceId, tokensIn, cost])).toEqual(
    [
      ["2026-11-23", 1, a, 10, 0.25],
      ["2026-11-24", 1, a, 20, 0.75],
    ],
  );
  expect(usageToday(world.state)).toEqual(usage(20, 0.75));
  expect(world.task(one).attempts[0]?.usage).toEqual(usage(30, 1));
});

test("books every attempt where it ran, failed ones too", () => {
  const world = workday({});
  ready(world, b);
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") }, usage(7));
  finish(world, one);
  world.advance(2_000);
  reach(world, one, "started");
  settle(world, one, { kind: "succeeded" }, usage(5));
  finish(world, one);
  expect(world.booked.map(({ instanceId, attempt, usage: { tokensIn } }) => [instanceId, attempt, tokensIn])).toEqual([
    [a, 1, 7],
    [b, 2, 5],
  ]);
});

test("stays closed after a restart of the bridge, and opens when the limit was raised meanwhile", () => {
  const world = workday({ dayCostMax: 1 });
  settle(world, one, { kind: "succeeded" }, usage(10, 2));
  finish(world, one);
  submit(world, two);
  world.restart();
  expect(world.state.day.reached).toBe("$2.00 of $1.00 used today");
  world.state = { ...world.state, policy: { ...world.state.policy, dayCostMax: 3 } };
  world.send({ kind: "bridge-started" });
  expect(world.state.day.reached).toBeUndefined();
});
