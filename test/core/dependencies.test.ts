import { expect, test } from "vitest";
import { reduce } from "../../bridge/core/reduce";
import { taskId } from "../fakes/samples";
import { a, aTask, error, finish, one, reach, ready, settle, submit, two } from "./steps";
import { World } from "./world";

const three = taskId("3");

function running(): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  return world;
}

test("places a task only once all that it comes after have succeeded", () => {
  const world = running();
  submit(world, three);
  reach(world, three, "started");
  submit(world, two, { after: [one, three] });
  settle(world, one, { kind: "succeeded" });
  finish(world, one);
  expect(world.stage(two)).toBe("queued");
  settle(world, three, { kind: "succeeded" });
  finish(world, three);
  expect(world.stage(two)).toBe("preparing");
});

test.each(["failed", "cancelled"] as const)("fails what comes after a task that has %s, and what comes after that", (how) => {
  const world = running();
  submit(world, two, { after: [one] });
  submit(world, three, { after: [two] });
  if (how === "cancelled") world.send({ kind: "task-cancel-requested", taskId: one });
  if (how === "cancelled") world.answer(one, { kind: "turn-inspected", report: { kind: "absent" } });
  else settle(world, one, { kind: "failed", error: error("PROVIDER_AUTH") });
  finish(world, one);
  for (const id of [two, three]) expect(world.task(id).state).toMatchObject({ kind: "failed", error: { code: "TASK_DEPENDENCY_FAILED" } });
});

test("keeps a dependent waiting while the task it comes after is tried again", () => {
  const world = running();
  submit(world, two, { after: [one] });
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  finish(world, one);
  expect([world.stage(one), world.stage(two)]).toEqual(["queued", "queued"]);
});

test.each(["succeeded", "cancelled"] as const)("does not wait for a task that has %s in the same turn of the engine", (how) => {
  const world = new World();
  submit(world, one);
  const now = { ms: world.nowMs, epochMs: world.epochMs };
  const { state } = reduce(world.state, { kind: "task-cancel-requested", taskId: one }, now);
  const ended = state.tasks.get(one);
  if (!ended) throw new Error("the task is gone");
  const turned = how === "succeeded" ? { ...ended, state: { kind: how, endedAtEpochMs: 1 } as const } : ended;
  const after = reduce(
    { ...state, tasks: state.tasks.with(turned) },
    { kind: "task-submitted", task: aTask(two, { blockedBy: [one] }) },
    now,
  );
  const dependent = after.state.tasks.get(two);
  if (how === "succeeded") expect(dependent).toMatchObject({ state: { kind: "queued" }, blockedBy: [] });
  else expect(dependent?.state).toMatchObject({ kind: "failed", error: { code: "TASK_DEPENDENCY_FAILED" } });
});

test("runs a retried task at once: what it came after was settled the first time", () => {
  const world = running();
  submit(world, two, { after: [one] });
  settle(world, one, { kind: "failed", error: error("PROVIDER_AUTH") });
  finish(world, one);
  world.send({ kind: "task-retry-requested", task: world.task(two) });
  expect(world.stage(two)).toBe("preparing");
});

test("fails a task that comes after one that nobody knows, instead of waiting for ever", () => {
  const world = running();
  submit(world, two, { after: [three] });
  expect(world.task(two).state).toMatchObject({ kind: "failed", error: { code: "TASK_DEPENDENCY_FAILED" } });
});
