import { expect, test } from "vitest";
import type { SubmitParams } from "../../shared/protocol";
import { Bridges } from "./bridges";
import { noFaults } from "./faults";
import { promptOf } from "./truth";
import { Watcher } from "./watcher";
import { World } from "./world";

const tenMinutesMs = 10 * 60_000;

/** A kind world with a ready instance of one slot, with one turn at work and one task that waits for the slot. */
async function busyWorld() {
  const world = new World({ seed: 1, faults: { ...noFaults, turnHangs: 1 }, tracing: true });
  const watcher = new Watcher(world);
  const bridges = new Bridges(world, watcher);
  const pass = async (ms: number): Promise<void> => {
    world.time.after(ms, () => undefined);
    for (const endAtMs = world.time.nowMs + ms; world.time.nowMs < endAtMs; ) {
      world.time.step();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const submit = async (mark: string, more: Partial<SubmitParams>): Promise<void> => {
    const params = { prompt: promptOf(mark), directory: "/repo", ...more };
    const answer = bridges.service.calls.distribute_task(params, { requestId: mark });
    await pass(1_000);
    await answer;
  };
  const spawned = bridges.service.calls.spawn_opencode_server({ slots: 1 }, { requestId: "spawn" });
  await pass(10_000);
  await spawned;
  await submit("works", { runTimeMaxMs: 60_000 });
  await submit("waits", { queueTimeMaxMs: 50_000 });
  return { world, watcher, bridges, pass };
}

test("a bridge that is stopped for ten minutes lets no lease and no queue time run out", async () => {
  const { world, watcher, bridges, pass } = await busyWorld();
  bridges.freeze(tenMinutesMs);
  await pass(tenMinutesMs + 30_000);
  expect(world.truth.openTasks()).toHaveLength(2);
  expect([...(watcher.state?.instances.values() ?? [])]).toMatchObject([{ incarnation: 1, state: { kind: "ready" } }]);
  expect(world.truth.turns).toBe(1);
  await pass(60_000);
  expect(world.truth.openTasks()).toHaveLength(0);
  expect(world.truth.violations).toEqual([]);
});

test("a bridge that goes on after a stop asks what became of its turns before anything else", async () => {
  const { world, bridges, pass } = await busyWorld();
  bridges.freeze(tenMinutesMs);
  const before = world.lines.length;
  await pass(tenMinutesMs + 100);
  const asked = world.lines.slice(before).filter((line) => / -> [a-z]/.test(line));
  expect(asked[0]).toMatch(/-> inspect-turn/);
});
