import { expect, test } from "vitest";
import type { TurnOutcome } from "../../bridge/core/turn";
import { a, b, branchOf, error, finish, hears, one, reach, ready, says, settle, submit, two, usage } from "./steps";
import { World } from "./world";

function started(attemptsMax = 3): World {
  const world = new World();
  ready(world, a);
  submit(world, one, { attemptsMax });
  reach(world, one, "started");
  return world;
}

const ends = (world: World, outcome: TurnOutcome) => {
  settle(world, one, outcome);
  finish(world, one);
  return world.task(one);
};

test("succeeds with the model's last words, what it used and what it left in git", () => {
  const task = ends(started(), { kind: "succeeded" });
  expect(task).toMatchObject({ state: { kind: "succeeded" }, text: "done", branch: branchOf(one), attemptsUsed: 1 });
  expect(task.attempts).toMatchObject([{ number: 1, outcome: "succeeded", usage: usage(10), error: undefined }]);
});

test.each([
  [{ kind: "truncated" }, "TURN_TRUNCATED", "failed"],
  [{ kind: "stopped" }, "TURN_STOPPED", "failed"],
  [{ kind: "aborted" }, "TURN_ABORTED", "aborted"],
  [{ kind: "failed", error: error("PROVIDER_AUTH") }, "PROVIDER_AUTH", "failed"],
  [{ kind: "failed", error: error("CONTEXT_OVERFLOW") }, "CONTEXT_OVERFLOW", "failed"],
] as const)("fails without another attempt when the turn was %j", (turn, code, outcome) => {
  const task = ends(started(), turn);
  expect(task.state).toMatchObject({ kind: "failed", error: { code } });
  expect(task.attempts).toMatchObject([{ outcome, error: { code } }]);
});

test("tries again, ever later, what may go better, and fails with the last error after the last attempt", () => {
  const world = started(3);
  const delays: number[] = [];
  for (const _ of [1, 2]) {
    ends(world, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
    delays.push((world.deadlineMs ?? 0) - world.nowMs);
    world.advance(2_000);
    reach(world, one, "started");
  }
  expect(delays[0]).toBeGreaterThanOrEqual(500);
  expect(delays[0]).toBeLessThanOrEqual(1_000);
  expect(delays[1]).toBeGreaterThanOrEqual(1_000);
  expect(delays[1]).toBeLessThanOrEqual(2_000);
  expect(ends(world, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") })).toMatchObject({
    state: { kind: "failed", error: { code: "PROVIDER_UNAVAILABLE" } },
    attemptsUsed: 3,
  });
});

test("counts attempts anew when a person asks for a retry, and goes on numbering them", () => {
  const world = started(1);
  const failed = ends(world, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  world.send({ kind: "task-retry-requested", task: failed });
  expect(world.attempt(one).number).toBe(2);
  reach(world, one, "started");
  expect(ends(world, { kind: "succeeded" })).toMatchObject({ attempts: [{ number: 1 }, { number: 2 }] });
});

test("never takes quiet for success: a settled turn that still runs is asked about again soon, then at leisure", () => {
  const world = started();
  hears(world, one, { kind: "turn-settled" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  expect(world.advance(500).map(({ kind }) => kind)).toEqual(["inspect-turn"]);
  world.nowMs += 5_000;
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  expect(world.attempt(one).phase).toMatchObject({ kind: "started", dueAtMs: world.nowMs + 30_000 });
});

test("commits what a failed attempt did, and the next one starts from it", () => {
  const world = started();
  const task = ends(world, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  expect(task).toMatchObject({ state: { kind: "queued" }, branch: branchOf(one) });
});

test("tries five times to commit the work, then fails a turn that succeeded and says why", () => {
  const world = started();
  settle(world, one, { kind: "succeeded" });
  for (let tries = 0; tries < 4; tries += 1) {
    world.answer(one, { kind: "finish-failed", error: error("GIT_TIMEOUT") });
    expect(world.advance(20_000).map(({ kind }) => kind)).toContain("finish-workspace");
  }
  world.answer(one, { kind: "finish-failed", error: error("GIT_TIMEOUT") });
  expect(world.task(one).state).toMatchObject({ kind: "failed", error: { code: "GIT_TIMEOUT" } });
});

test("aborts and tries again a turn that makes no progress for ten minutes", () => {
  const world = started();
  world.advance(5 * 60_000);
  hears(world, one, { kind: "turn-progressed" });
  world.advance(9 * 60_000);
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  expect(world.stage(one)).toBe("started");
  world.advance(60_000);
  world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  expect(world.attempt(one).phase).toMatchObject({ kind: "aborting", end: { next: "retry", error: { code: "TASK_WEDGED" } } });
});

test("calls no turn wedged before the server, asked then, says that it runs", () => {
  const world = started();
  world.advance(11 * 60_000);
  world.answer(one, { kind: "inspection-failed", error: error("INSTANCE_UNRESPONSIVE") });
  expect(world.stage(one)).toBe("started");
  world.advance(10_000);
  settle(world, one, { kind: "succeeded" });
  finish(world, one);
  expect(world.stage(one)).toBe("succeeded");
});

test("leaves a tool that says nothing for half an hour to the limit of run time", () => {
  const world = started();
  for (let minutes = 0; minutes < 30; minutes += 1) {
    world.advance(60_000);
    world.answer(one, { kind: "turn-inspected", report: { kind: "running", toolRuns: true } });
  }
  expect(world.stage(one)).toBe("started");
});

test("lets a turn that succeeded stand, though an abort for slowness was on its way", () => {
  const world = started();
  world.advance(10 * 60_000);
  world.answer(one, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "succeeded" }, text: "done", usage: usage(1) } });
  finish(world, one);
  expect(world.stage(one)).toBe("succeeded");
});

test("gives the slot free while a provider wants long patience, and uses up no attempt", () => {
  const world = started();
  const nextAtEpochMs = world.epochMs + 3_600_000;
  hears(world, one, { kind: "turn-retrying", retry: { attempt: 1, message: "rate limit", nextAtEpochMs } });
  world.answer(one, { kind: "turn-aborted" });
  world.answer(one, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "aborted" }, text: "", usage: usage(1) } });
  finish(world, one);
  expect(world.task(one)).toMatchObject({
    state: { kind: "queued" },
    attemptsUsed: 0,
    attempts: [{ error: { code: "PROVIDER_RATE_LIMITED" } }],
  });
  world.nowMs += 3_599_999;
  says(world, a, { kind: "instance-alive" });
  world.send({ kind: "tick" });
  expect(world.stage(one)).toBe("queued");
  world.advance(1);
  expect(world.stage(one)).toBe("preparing");
});

test("waits on the instance for a provider that wants short patience, and takes it for no wedge", () => {
  const world = started();
  hears(world, one, { kind: "turn-retrying", retry: { attempt: 1, message: "busy", nextAtEpochMs: world.epochMs + 30_000 } });
  expect(world.attempt(one).phase).toMatchObject({ kind: "started", retry: { message: "busy" } });
});

test("drops an answer to an earlier step, and counts it", () => {
  const world = started();
  hears(world, one, { kind: "turn-settled" });
  const late = world.fence(one);
  hears(world, one, { kind: "turn-settled" });
  world.send({ kind: "turn-inspected", fence: late, report: { kind: "ended", outcome: { kind: "succeeded" }, text: "", usage: usage(1) } });
  expect(world.stage(one)).toBe("started");
  expect(world.state.dropped).toBe(1);
});

test("drops an answer to an earlier attempt, and counts it", () => {
  const world = started();
  const late = world.fence(one);
  ends(world, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  world.advance(1_000);
  world.send({ kind: "prompt-accepted", fence: late });
  expect(world.stage(one)).toBe("preparing");
  expect(world.state.dropped).toBe(1);
});

test("drops news of an earlier start of an instance, and counts it", () => {
  const world = started();
  world.send({ kind: "instance-exited", instanceId: a, incarnation: 0, error: error("INSTANCE_EXITED") });
  expect(world.instance(a).state.kind).toBe("ready");
  expect(world.state.dropped).toBe(1);
});

test("keeps the exact usage of the verdict when the stream is behind it", () => {
  const world = started();
  settle(world, one, { kind: "succeeded" }, usage(10));
  hears(world, one, { kind: "usage-reported", usage: usage(4) });
  finish(world, one);
  expect(world.task(one).attempts).toMatchObject([{ usage: usage(10) }]);
});

test("does not take another message's turn in its session for its own", () => {
  const world = new World();
  ready(world, b);
  submit(world, two);
  reach(world, two, "accepted");
  hears(world, two, { kind: "turn-started", messageId: "msg_of_somebody_else" });
  expect(world.stage(two)).toBe("accepted");
});
