import { expect, test } from "vitest";
import { a, anInstance, asks, comeUp, error, finish, hears, one, reach, ready, says, settle, submit, usage } from "./steps";
import { World } from "./world";

type Stage = Parameters<typeof reach>[2];

function placed(stage: Stage): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, stage);
  return world;
}

const identity = { pid: 101, startTime: "1", bootId: "boot" };
const kinds = (effects: readonly { readonly kind: string }[]) => effects.map(({ kind }) => kind);

/** The next bridge has found the server and opened its stream. */
function adopted(world: World) {
  says(world, a, { kind: "instance-adopted", identity });
  return says(world, a, { kind: "stream-opened" });
}

test.each([
  ["preparing", ["adopt-instance", "prepare-workspace"]],
  ["opening", ["adopt-instance", "open-session"]],
  ["sending", ["adopt-instance"]],
  ["accepted", ["adopt-instance"]],
  ["started", ["adopt-instance"]],
] as const)("asks again, after a restart of the bridge, for what does no harm twice: %s", (stage, expected) => {
  expect(kinds(placed(stage).restart())).toEqual(expected);
});

test.each(["sending", "accepted", "started"] as const)(
  "asks the server about a prompt that was %s when the bridge died, and never sends it blindly",
  (stage) => {
    const world = placed(stage);
    world.restart();
    expect(kinds(adopted(world))).toContain("inspect-turn");
    expect(world.count("send-prompt")).toBe(1);
  },
);

test("sends a prompt again, by the same id, that never arrived because the bridge died", () => {
  const world = placed("sending");
  const { messageId } = world.attempt(one);
  world.restart();
  adopted(world);
  const [again] = world.answer(one, { kind: "turn-inspected", report: { kind: "absent" } });
  expect(again).toMatchObject({ kind: "send-prompt", task: { state: { attempt: { messageId } } } });
});

test("ends a task whose turn succeeded while no bridge ran", () => {
  const world = placed("accepted");
  world.restart();
  adopted(world);
  world.answer(one, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "succeeded" }, text: "done", usage: usage(3) } });
  finish(world, one);
  expect(world.task(one)).toMatchObject({ state: { kind: "succeeded" }, text: "done" });
});

test("never sends an interrupted prompt again by its own id: the next attempt has another", () => {
  const world = placed("started");
  const { messageId } = world.attempt(one);
  world.restart();
  adopted(world);
  world.answer(one, { kind: "turn-inspected", report: { kind: "interrupted", usage: usage(3) } });
  finish(world, one);
  world.advance(0);
  reach(world, one, "sending");
  expect(world.attempt(one).messageId).not.toBe(messageId);
  expect(world.task(one)).toMatchObject({ attempts: [{ outcome: "lost", error: { code: "TURN_INTERRUPTED" } }] });
});

test("goes on collecting after a restart of the bridge, once at a time", () => {
  const world = placed("started");
  settle(world, one, { kind: "succeeded" });
  world.answer(one, { kind: "finish-failed", error: error("GIT_TIMEOUT") });
  expect(kinds(world.restart())).toEqual(["adopt-instance", "finish-workspace"]);
  expect(kinds(world.advance(10_000))).not.toContain("finish-workspace");
  finish(world, one);
  expect(world.stage(one)).toBe("succeeded");
});

test("goes on aborting after a restart of the bridge", () => {
  const world = placed("started");
  world.send({ kind: "task-cancel-requested", taskId: one });
  world.restart();
  adopted(world);
  world.answer(one, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "aborted" }, text: "", usage: usage(1) } });
  finish(world, one);
  expect(world.stage(one)).toBe("cancelled");
});

test("aborts a turn whose cancel came while its prompt was sent, though the bridge died in between", () => {
  const world = placed("sending");
  world.send({ kind: "task-cancel-requested", taskId: one });
  expect(kinds(world.restart())).toContain("abort-turn");
  expect(world.stage(one)).toBe("aborting");
});

test("uses up no try while the server of an earlier bridge is looked for", () => {
  const world = placed("opening");
  world.restart();
  for (let tries = 0; tries < 20; tries += 1) {
    world.answer(one, { kind: "session-failed", error: error("INSTANCE_NOT_READY") });
    world.advance(1_000);
  }
  expect(world.stage(one)).toBe("opening");
  expect(world.attempt(one).phase).toMatchObject({ tries: 1 });
});

test("uses up not even the last try to open a session while the server of an earlier bridge is looked for", () => {
  const world = placed("opening");
  for (let tries = 1; tries < 5; tries += 1) {
    world.answer(one, { kind: "session-failed", error: error("INSTANCE_UNRESPONSIVE") });
    world.advance(4_000);
  }
  world.restart();
  world.answer(one, { kind: "session-failed", error: error("INSTANCE_NOT_READY") });
  expect(world.stage(one)).toBe("opening");
});

test("takes no session for stuck while the server of an earlier bridge is looked for", () => {
  const world = placed("started");
  asks(world, one);
  world.send({ kind: "task-cancel-requested", taskId: one });
  world.restart();
  for (let tries = 0; tries < 20; tries += 1) {
    world.advance(2_000);
    world.answer(one, { kind: "inspection-failed", error: error("INSTANCE_NOT_READY") });
  }
  adopted(world);
  expect(world.instance(a).state.kind).toBe("ready");
});

test("moves the tasks of a server that ended while no bridge ran", () => {
  const world = placed("started");
  world.restart();
  expect(kinds(says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") }))).toEqual(["sweep-instance"]);
  says(world, a, { kind: "instance-swept" });
  finish(world, one);
  expect(world.task(one)).toMatchObject({ state: { kind: "queued" }, attempts: [{ outcome: "lost" }] });
});

test("adopts a server that was starting when the bridge died", () => {
  const world = new World();
  world.send({ kind: "instance-requested", instance: anInstance(a) });
  expect(kinds(world.restart())).toEqual(["adopt-instance"]);
  comeUp(world, a);
  expect(world.instance(a)).toMatchObject({ incarnation: 1, state: { kind: "ready" } });
});

test.each([
  ["draining", "adopt-instance"],
  ["stopping", "stop-instance"],
  ["sweeping", "sweep-instance"],
] as const)("goes on where it was with an instance that was %s", (state, effect) => {
  const world = placed("started");
  if (state === "sweeping") says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  else world.send({ kind: "instance-stop-requested", instanceId: a, next: "stay", drain: state === "draining" });
  expect(kinds(world.restart())).toEqual([effect]);
  expect(world.instance(a).state.kind).toBe(state);
});

test("uses up no attempt by restarts of the bridge", () => {
  const world = placed("started");
  for (let restarts = 0; restarts < 10; restarts += 1) {
    world.restart();
    adopted(world);
    world.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  }
  hears(world, one, { kind: "turn-progressed" });
  expect(world.task(one)).toMatchObject({ attempts: [], attemptsUsed: 0 });
});
