import { expect, test } from "vitest";
import { defaultPolicy } from "../../bridge/core/policy";
import { usageOf } from "../../bridge/core/task-limits";
import type { TaskSpec } from "../../shared/task";
import { a, error, finish, hears, one, reach, ready, settle, submit, two, usage } from "./steps";
import { World } from "./world";

function started(spec: Partial<TaskSpec>): World {
  const world = new World();
  ready(world, a);
  submit(world, one, spec);
  reach(world, one, "started");
  return world;
}

/** The abort that the limit asked for has ended the turn. */
function aborted(world: World, used = usage(1)): void {
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "aborted" }, text: "", usage: used } });
  finish(world, one);
}

test.each([
  [{ tokensMax: 100 }, usage(100), usage(101), "TASK_TOKENS_EXCEEDED"],
  [{ costMax: 0.5 }, usage(0, 0.5), usage(0, 0.51), "TASK_COST_EXCEEDED"],
] as const)("aborts a turn that passes a limit of %j, and fails the task", (spec, within, beyond, code) => {
  const world = started(spec);
  hears(world, one, { kind: "usage-reported", usage: within });
  expect(world.stage(one)).toBe("started");
  hears(world, one, { kind: "usage-reported", usage: beyond });
  aborted(world);
  expect(world.task(one).state).toMatchObject({ kind: "failed", error: { code } });
});

test("counts what earlier attempts used toward the limit", () => {
  const world = started({ tokensMax: 100 });
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") }, usage(60));
  finish(world, one);
  world.advance(1_000);
  reach(world, one, "started");
  hears(world, one, { kind: "usage-reported", usage: usage(41) });
  expect(world.attempt(one).phase).toMatchObject({ kind: "aborting", end: { error: { code: "TASK_TOKENS_EXCEEDED" } } });
});

test("makes no further attempt past a limit", () => {
  const world = started({ tokensMax: 100 });
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") }, usage(101));
  finish(world, one);
  expect(world.task(one).state).toMatchObject({ kind: "failed", error: { code: "TASK_TOKENS_EXCEEDED" } });
});

test.each(["preparing", "opening", "sending", "accepted", "started"] as const)(
  "ends an attempt whose run time is over while it is %s",
  (stage) => {
    const world = new World({ ...defaultPolicy, verifyAfterMs: 60_000 });
    ready(world, a);
    submit(world, one, { runTimeMaxMs: 10_000 });
    reach(world, one, stage);
    world.advance(10_000);
    const { phase, ending } = world.attempt(one);
    expect(phase.kind === "aborting" ? phase.end : ending).toMatchObject({ next: "fail", error: { code: "TASK_TIMED_OUT" } });
  },
);

test("fails a task that found no place within its time in the queue", () => {
  const world = new World();
  submit(world, one, { queueTimeMaxMs: 5_000 });
  submit(world, two, { queueTimeMaxMs: 0 });
  world.advance(4_999);
  expect(world.stage(one)).toBe("queued");
  world.advance(1);
  expect(world.task(one).state).toMatchObject({ kind: "failed", error: { code: "TASK_QUEUE_TIMED_OUT" } });
  expect(world.stage(two)).toBe("queued");
});

test("lets a turn that succeeded stand, though it passed a limit by its last words", () => {
  const world = started({ tokensMax: 100 });
  settle(world, one, { kind: "succeeded" }, usage(101));
  finish(world, one);
  expect(world.stage(one)).toBe("succeeded");
});

test("gives a task that a person retries after a limit the whole limit again, and still shows all that it cost", () => {
  const world = started({ tokensMax: 100 });
  hears(world, one, { kind: "usage-reported", usage: usage(101) });
  aborted(world, usage(101));
  world.send({ kind: "task-retry-requested", task: world.task(one) });
  reach(world, one, "started");
  hears(world, one, { kind: "usage-reported", usage: usage(100) });
  expect(world.stage(one)).toBe("started");
  expect(usageOf(world.task(one))).toEqual(usage(201));
  hears(world, one, { kind: "usage-reported", usage: usage(101) });
  expect(world.attempt(one).phase).toMatchObject({ kind: "aborting", end: { error: { code: "TASK_TOKENS_EXCEEDED" } } });
});
