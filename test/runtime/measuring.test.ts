import { expect, test } from "vitest";
import { startMeasuring } from "../../bridge/runtime/measuring";
import { a, b, one, reach, ready, submit } from "../core/steps";
import { World } from "../core/world";

/** What was measured in each round. */
async function measuredIn(world: World, rounds: number): Promise<readonly (readonly string[])[]> {
  const found: string[][] = [];
  await new Promise<void>((resolve) => {
    const stop = startMeasuring({
      clock: {
        monotonicMs: () => 0,
        epochMs: () => 0,
        soon: () => () => undefined,
        after(_, round) {
          if (found.length < rounds) setImmediate(begin, round);
          else setImmediate(end);
          return () => undefined;
        },
      },
      measureHome: async () => undefined,
      usageOf: async () => ({ rssBytes: 1, cpuMs: 0 }),
      state: () => world.state,
      post(event) {
        if (event.kind !== "instance-measured") throw new Error(event.kind);
        found.at(-1)?.push(event.instanceId);
        world.send(event);
      },
    });
    function begin(round: () => void): void {
      found.push([]);
      round();
    }
    function end(): void {
      stop();
      resolve();
    }
  });
  return found;
}

test("a server that works is measured each round, one that does nothing each fourth, and a new one at once", async () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  ready(world, b);
  expect(await measuredIn(world, 5)).toEqual([[a, b], [a], [a], [a], [a, b]]);
});

test("a server that came up since is measured in the next round", async () => {
  const world = new World();
  ready(world, a);
  const measuring = measuredIn(world, 3);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  ready(world, b);
  expect((await measuring).flat().filter((id) => id === b)).toEqual([b]);
});
