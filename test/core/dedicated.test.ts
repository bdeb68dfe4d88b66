import { expect, test } from "vitest";
import { a, anInstance, aTask, b, comeUp, dies, error, finish, one, reach, ready, says, settle, submit, two } from "./steps";
import { World } from "./world";

/** A task with a server of its own, and another server beside it. */
function dedicated(attemptsMax = 3): World {
  const world = new World();
  ready(world, b);
  world.send({ kind: "instance-requested", instance: anInstance(a, { slots: 1, dedicatedTo: one }) });
  submit(world, one, { isolation: "server", attemptsMax });
  comeUp(world, a);
  return world;
}

const stop = (world: World, next: "start" | "remove") => world.send({ kind: "instance-stop-requested", instanceId: a, next, drain: false });

test("runs a task that wants a server of its own only there, and no other task on it", () => {
  const world = dedicated();
  expect(world.attempt(one).instanceId).toBe(a);
  submit(world, two, { filter: { instances: [a], hosts: [], labels: [] } });
  expect(world.stage(two)).toBe("queued");
});

test("stops and forgets a task's own server when the task ends", () => {
  const world = dedicated();
  reach(world, one, "started");
  settle(world, one, { kind: "succeeded" });
  finish(world, one);
  expect(world.instance(a).state).toMatchObject({ kind: "stopping", next: "remove" });
  says(world, a, { kind: "instance-stopped" });
  expect(world.state.instances.has(a)).toBe(false);
});

test("forgets a task's own server whose death was the end of the task", () => {
  const world = dedicated(1);
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  world.answer(one, { kind: "workspace-failed", error: error("BRANCH_CHECKED_OUT") });
  expect(world.stage(one)).toBe("failed");
  says(world, a, { kind: "instance-swept" });
  expect(world.state.instances.has(a)).toBe(false);
});

test("forgets the server of a task that has ended, though a person wanted it restarted meanwhile", () => {
  const world = dedicated();
  stop(world, "start");
  world.send({ kind: "task-cancel-requested", taskId: one });
  world.answer(one, { kind: "workspace-failed", error: error("WORKTREE_FAILED") });
  stop(world, "start");
  says(world, a, { kind: "instance-stopped" });
  expect(world.state.instances.has(a)).toBe(false);
});

test("fails a task whose own server was removed: it can run nowhere else", () => {
  const world = dedicated();
  reach(world, one, "started");
  stop(world, "remove");
  says(world, a, { kind: "instance-stopped" });
  finish(world, one);
  expect(world.task(one).state).toMatchObject({ kind: "failed", error: { code: "INSTANCE_UNKNOWN" } });
});

test("forgets a task's own server whose sweep was the end of the task", () => {
  const world = new World();
  world.send({ kind: "instance-requested", instance: anInstance(a, { dedicatedTo: one }) });
  const task = aTask(one, { spec: { isolation: "server", attemptsMax: 1 }, origin: { kind: "in-place", directory: "/repo" } });
  world.send({ kind: "task-submitted", task });
  comeUp(world, a);
  dies(world, a);
  expect(world.stage(one)).toBe("failed");
  expect(world.state.instances.size).toBe(0);
});
