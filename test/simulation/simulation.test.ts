import { expect, test } from "vitest";
import { createEngineClock } from "../../bridge/runtime/engine-clock";
import { simulate } from "./simulation";
import { VirtualTime } from "./virtual-time";

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

test("keeps every promise through 60 seeds of crashes, sleep, lost news and failing disks", { timeout: 120_000 }, async () => {
  const broken: string[] = [];
  let turns = 0;
  for (const seed of seeds) {
    const result = await simulate({ seed });
    turns += result.turns;
    broken.push(...result.violations.map((what) => `seed ${seed}: ${what}`));
  }
  expect(broken).toEqual([]);
  expect(turns).toBeGreaterThan(seeds.length);
});

test.each([3, 14, 159])("replays seed %i to the last event", async (seed) => {
  const [first, second] = [await simulate({ seed, tracing: true }), await simulate({ seed, tracing: true })];
  expect(second.lines).toEqual(first.lines);
  expect(second.digest).toBe(first.digest);
  expect(first.events).toBeGreaterThan(10);
});

test("makes the calls of virtual time in order of their instants, and of planning where these are equal", () => {
  const time = new VirtualTime();
  const made: string[] = [];
  for (const [delayMs, name] of [
    [5, "c"],
    [1, "a"],
    [5, "d"],
    [2, "b"],
    [9, "e"],
  ] as const)
    time.after(delayMs, () => made.push(name));
  time.after(3, () => made.push("cancelled"))();
  while (time.step());
  expect(made.join("")).toBe("abcde");
  expect(time.nowMs).toBe(9);
});

test("counts no time in which the bridge was stopped, and says how long that was", () => {
  const time = new VirtualTime();
  const clock = createEngineClock(
    { monotonicMs: () => time.nowMs, epochMs: () => time.nowMs, after: time.after.bind(time), soon: (call) => time.after(0, call) },
    1_000,
  );
  time.nowMs = 900;
  expect(clock.now().ms).toBe(1_900);
  time.nowMs += 10 * 60_000;
  expect(clock.now().ms).toBe(1_900);
  expect(clock.takeGapMs()).toBe(10 * 60_000);
  expect(clock.takeGapMs()).toBe(0);
});
