import { expect, test } from "vitest";
import { taskId } from "../fakes/samples";
import { a, aTask, b, error, finish, one, reach, ready, says, settle, submit, two } from "./steps";
import { World } from "./world";

/** A task that succeeded on `a`, with another instance beside it. */
function answered(): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  settle(world, one, { kind: "succeeded" });
  finish(world, one);
  ready(world, b);
  return world;
}

const reply = (world: World) => world.send({ kind: "task-submitted", task: aTask(two, { pin: world.task(one).session }) });

test("runs a reply in the session and the worktree of the task it goes on with", () => {
  const world = answered();
  reply(world);
  expect(world.attempt(two)).toMatchObject({ instanceId: a, slot: 0, resumes: { sessionId: "ses_tsk_1_1" } });
});

test("keeps a reply waiting while its session's worktree is in use, though the instance has room", () => {
  const world = answered();
  const other = taskId("3");
  submit(world, other, { filter: { instances: [a], hosts: [], labels: [] } });
  expect(world.attempt(other).slot).toBe(0);
  reply(world);
  expect(world.stage(two)).toBe("queued");
  world.answer(other, { kind: "workspace-failed", error: error("BRANCH_CHECKED_OUT") });
  expect(world.stage(two)).toBe("preparing");
});

test("keeps a reply waiting while its instance is down", () => {
  const world = answered();
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  reply(world);
  expect(world.stage(two)).toBe("queued");
});

test("fails a reply whose session was removed together with its instance", () => {
  const world = answered();
  world.send({ kind: "instance-stop-requested", instanceId: a, next: "remove", drain: false });
  reply(world);
  expect(world.stage(two)).toBe("queued");
  says(world, a, { kind: "instance-stopped" });
  expect(world.task(two).state).toMatchObject({ kind: "failed", error: { code: "SESSION_UNKNOWN" } });
});

test("fails a reply whose session OpenCode does not know any more, and opens no other", () => {
  const world = answered();
  reply(world);
  reach(world, two, "sending");
  world.answer(two, { kind: "prompt-refused", error: error("SESSION_UNKNOWN") });
  finish(world, two);
  expect(world.task(two).state).toMatchObject({ kind: "failed", error: { code: "SESSION_UNKNOWN" } });
});
