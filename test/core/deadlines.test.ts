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
