import { expect, test } from "vitest";
import { a, b, error, finish, hears, one, reach, ready, settle, submit, two } from "./steps";
import { World } from "./world";

/** A task whose attempt failed and is to be tried again in a while. */
function backingOff(): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  finish(world, one);
  expect(world.stage(one)).toBe("queued");
  return world;
}

const unrelated = { kind: "task-cancel-requested", taskId: two } as const;

test("places a task whose backoff is over, though other news came between its instant and the tick", () => {
  const world = backingOff();
  const dueMs = world.deadlineMs ?? 0;
  world.nowMs = dueMs + 3;
  world.send(unrelated);
  expect(world.deadlineMs).toBe(world.nowMs);
  world.send({ kind: "tick" });
  expect(world.stage(one)).toBe("preparing");
});

test("does not wake up again for a task that fits nowhere", () => {
  const world = new World();
  submit(world, one);
  expect(world.deadlineMs).toBeUndefined();
});

test("probes a silent instance, however much news the others make", () => {
  const world = new World();
  ready(world, a);
  const silentFromMs = world.nowMs;
  while (world.nowMs < silentFromMs + 15_000) {
    world.nowMs += 500;
    world.send(unrelated);
    expect(world.deadlineMs).toBe(silentFromMs + 15_000);
  }
  expect(world.send({ kind: "tick" }).map(({ kind }) => kind)).toEqual(["probe-instance"]);
});

test("stops a drained instance once, though it is silent too", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  world.send({ kind: "instance-stop-requested", instanceId: a, next: "stay", drain: true });
  world.send({ kind: "task-cancel-requested", taskId: one });
  for (let tries = 0; tries < 2; tries += 1) {
    world.answer(one, { kind: "inspection-failed", error: error("INSTANCE_UNRESPONSIVE") });
    world.advance(20_000);
  }
  world.answer(one, { kind: "inspection-failed", error: error("INSTANCE_UNRESPONSIVE") });
  world.advance(20_000);
  expect(world.instance(a).state).toMatchObject({ kind: "stopping", next: "stay" });
  expect(world.count("stop-instance")).toBe(1);
});

test("lets the first end of a task stand when several are due at once", () => {
  const world = new World();
  submit(world, one, { queueTimeMaxMs: 1_000 });
  submit(world, two, { queueTimeMaxMs: 1_000, after: [one] });
  world.advance(1_000);
  expect(world.task(two).state).toMatchObject({ kind: "failed", error: { code: "TASK_DEPENDENCY_FAILED" } });
});

test("asks for the turn of a task at least every thirty seconds, however quiet the stream", () => {
  const world = new World();
  ready(world, b);
  submit(world, one);
  reach(world, one, "started");
  hears(world, one, { kind: "turn-progressed" });
  expect(world.advance(30_000).map(({ kind }) => kind)).toContain("inspect-turn");
});
