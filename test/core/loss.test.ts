import { expect, test } from "vitest";
import { composePrompt } from "../../bridge/core/prompt";
import { isActive } from "../../bridge/core/task";
import { a, b, branchOf, comeUp, dies, error, finish, one, reach, ready, says, settle, submit, two } from "./steps";
import { World } from "./world";

function placed(stage: Parameters<typeof reach>[2]): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, stage);
  return world;
}

test.each(["opening", "sending", "accepted", "started"] as const)(
  "moves a task that was %s when its server died, with what it had done",
  (stage) => {
    const world = placed(stage);
    ready(world, b);
    dies(world, a);
    finish(world, one);
    expect(world.attempt(one)).toMatchObject({ number: 2, instanceId: b });
    expect(world.task(one)).toMatchObject({ attemptsUsed: 1, attempts: [{ outcome: "lost" }], branch: branchOf(one) });
  },
);

test("moves no task before its server is proven gone", () => {
  const world = placed("started");
  ready(world, b);
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  expect(world.attempt(one).instanceId).toBe(a);
  says(world, a, { kind: "instance-swept" });
  expect(world.stage(one)).toBe("collecting");
});

test("waits for git before it moves a task that was preparing", () => {
  const world = placed("preparing");
  ready(world, b);
  dies(world, a);
  expect(world.attempt(one)).toMatchObject({ number: 1, ending: { outcome: "lost" } });
  world.answer(one, { kind: "workspace-prepared", workspace: { directory: "/repo" } });
  finish(world, one);
  expect(world.attempt(one)).toMatchObject({ number: 2, instanceId: b });
});

test("keeps a success whose commit was under way when the server died", () => {
  const world = placed("started");
  settle(world, one, { kind: "succeeded" });
  dies(world, a);
  finish(world, one);
  expect(world.stage(one)).toBe("succeeded");
});

test("keeps a cancel when the server dies instead of the turn", () => {
  const world = placed("started");
  world.send({ kind: "task-cancel-requested", taskId: one });
  dies(world, a);
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test("fails a task whose server dies under each of its attempts", () => {
  const world = placed("started");
  for (let attempts = 0; attempts < 3; attempts += 1) {
    dies(world, a);
    finish(world, one);
    world.advance(10_000);
    if (attempts < 2) comeUp(world, a);
    if (attempts < 2) reach(world, one, "started");
  }
  expect(world.task(one)).toMatchObject({ state: { kind: "failed", error: { code: "INSTANCE_EXITED" } }, attemptsUsed: 3 });
});

test("goes on in its own session when its instance is back, and says so to the model", () => {
  const world = placed("started");
  const { sessionId } = world.attempt(one);
  dies(world, a);
  finish(world, one);
  world.advance(0);
  comeUp(world, a);
  expect(world.attempt(one)).toMatchObject({ number: 2, slot: 0, resumes: { sessionId } });
  const task = world.task(one);
  expect(isActive(task) && composePrompt(task)).toContain("was interrupted");
});

test("starts a fresh session, and tells the model what is done, when another task took its worktree", () => {
  const world = placed("started");
  dies(world, a);
  submit(world, two, { priority: 1 });
  finish(world, one);
  world.advance(0);
  comeUp(world, a);
  expect(world.attempt(two).slot).toBe(0);
  expect(world.attempt(one)).toMatchObject({ slot: 1, resumes: undefined });
  const task = world.task(one);
  expect(isActive(task) && composePrompt(task)).toContain("already holds its changes to: a.ts");
});

test("starts again at once after the first exit, then ever later, and again at once after a quiet while", () => {
  const world = new World();
  ready(world, a);
  const delays: number[] = [];
  for (const quietMs of [0, 0, 120_000]) {
    dies(world, a);
    delays.push((world.deadlineMs ?? 0) - world.nowMs);
    world.advance(2_000);
    comeUp(world, a);
    says(world, a, { kind: "instance-alive" });
    world.nowMs += quietMs;
  }
  dies(world, a);
  delays.push((world.deadlineMs ?? 0) - world.nowMs);
  expect(delays[0]).toBe(0);
  expect(delays[1]).toBeGreaterThanOrEqual(500);
  expect(delays[2]).toBeGreaterThanOrEqual(1_000);
  expect(delays[3]).toBe(0);
});

test("fails an instance at once whose start cannot go better", () => {
  const world = placed("started");
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  says(world, a, { kind: "instance-swept" });
  world.advance(0);
  says(world, a, { kind: "instance-start-failed", error: error("OPENCODE_TOO_OLD"), fatal: true });
  says(world, a, { kind: "instance-swept" });
  expect(world.instance(a).state).toMatchObject({ kind: "failed", error: { code: "OPENCODE_TOO_OLD" } });
  world.send({ kind: "instance-start-requested", instanceId: a });
  expect(world.instance(a)).toMatchObject({ state: { kind: "starting" }, exitsAtMs: [] });
});

test("boots only a few instances at once", () => {
  const world = new World({ startsAtOnceMax: 1 });
  ready(world, a);
  dies(world, a);
  world.advance(0);
  expect(world.instance(a).state.kind).toBe("starting");
  world.send({ kind: "instance-requested", instance: { ...world.instance(a), id: b, incarnation: 0 } });
  expect(world.instance(b).state.kind).toBe("queued");
  comeUp(world, a);
  expect(world.instance(b).state.kind).toBe("starting");
});
