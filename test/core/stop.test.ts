import { expect, test } from "vitest";
import type { AfterStop } from "../../bridge/core/instance";
import { a, anInstance, comeUp, error, finish, hears, one, reach, ready, says, settle, submit, usage } from "./steps";
import { World } from "./world";

const identity = { pid: 7, startTime: "7", bootId: "boot" };

function stop(world: World, options: { readonly next?: AfterStop; readonly drain?: boolean } = {}) {
  return world.send({ kind: "instance-stop-requested", instanceId: a, next: options.next ?? "stay", drain: options.drain ?? false });
}

function starting(): World {
  const world = new World();
  world.send({ kind: "instance-requested", instance: anInstance(a) });
  return world;
}

test("waits for the process of a start under way before it stops it: one that nobody knows would outlive the stop", () => {
  const world = starting();
  expect(stop(world)).toEqual([]);
  expect(says(world, a, { kind: "instance-launched", identity, port: 1 }).map(({ kind }) => kind)).toEqual(["stop-instance"]);
  says(world, a, { kind: "instance-stopped" });
  expect(world.instance(a).state.kind).toBe("stopped");
});

test("sweeps a start that failed while a stop waited for it", () => {
  const world = starting();
  stop(world);
  const asked = says(world, a, { kind: "instance-start-failed", error: error("PROCESS_START_FAILED"), fatal: false });
  expect(asked.map(({ kind }) => kind)).toEqual(["sweep-instance"]);
  says(world, a, { kind: "instance-swept" });
  expect(world.instance(a).state.kind).toBe("stopped");
});

test("kills a start that never answers, and counts it as an exit", () => {
  const world = starting();
  says(world, a, { kind: "instance-launched", identity, port: 1 });
  expect(world.advance(120_000).map(({ kind }) => kind)).toEqual(["kill-instance"]);
  says(world, a, { kind: "instance-stopped" });
  expect(world.instance(a)).toMatchObject({ exitsAtMs: [world.nowMs], state: { kind: "backoff" } });
});

test("stops at once when asked to, and gives its tasks back without using up an attempt", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  expect(stop(world).map(({ kind }) => kind)).toEqual(["stop-instance"]);
  says(world, a, { kind: "instance-stopped" });
  world.answer(one, { kind: "workspace-finished" });
  expect(world.task(one)).toMatchObject({ state: { kind: "queued" }, attemptsUsed: 0, attempts: [{ outcome: "lost" }] });
});

test("starts again with a new incarnation when it was asked to restart", () => {
  const world = new World();
  ready(world, a);
  stop(world, { next: "start" });
  expect(says(world, a, { kind: "instance-stopped" }).map(({ kind }) => kind)).toEqual(["launch-instance"]);
  expect(world.instance(a)).toMatchObject({ incarnation: 2, state: { kind: "starting" }, exitsAtMs: [] });
});

test("forgets an instance that was removed", () => {
  const world = new World();
  ready(world, a);
  stop(world, { next: "remove" });
  says(world, a, { kind: "instance-stopped" });
  expect(world.state.instances.size).toBe(0);
});

test("drains: takes no new task, finishes the one it has, then stops", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  expect(stop(world, { drain: true })).toEqual([]);
  world.send({ kind: "task-cancel-requested", taskId: one });
  expect(world.instance(a).state.kind).toBe("draining");
  world.answer(one, { kind: "turn-inspected", report: { kind: "absent" } });
  world.answer(one, { kind: "workspace-finished" });
  expect(world.instance(a).state).toMatchObject({ kind: "stopping", next: "stay" });
});

test("lets the latest wish stand while it stops", () => {
  const world = new World();
  ready(world, a);
  stop(world);
  stop(world, { next: "start" });
  says(world, a, { kind: "instance-stopped" });
  comeUp(world, a);
  expect(world.instance(a).state.kind).toBe("ready");
});

test.each(["absent", "stored", "interrupted", "aborted"] as const)(
  "moves a turn that its own stop found %s, instead of failing it or sending it again",
  (how) => {
    const world = new World();
    ready(world, a);
    submit(world, one);
    reach(world, one, "started");
    stop(world, { next: "start" });
    hears(world, one, { kind: "turn-settled" });
    const ended = { kind: "ended", outcome: { kind: "aborted" }, text: "", usage: usage(9) } as const;
    const report = how === "aborted" ? ended : how === "interrupted" ? ({ kind: how, usage: usage(9) } as const) : ({ kind: how } as const);
    expect(world.answer(one, { kind: "turn-inspected", report })).toEqual([]);
    says(world, a, { kind: "instance-stopped" });
    world.answer(one, { kind: "workspace-finished" });
    expect(world.task(one)).toMatchObject({ state: { kind: "queued" }, attemptsUsed: 0, attempts: [{ outcome: "lost" }] });
  },
);

test("lets a turn succeed that was done before the stop reached it", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  stop(world);
  settle(world, one, { kind: "succeeded" });
  finish(world, one);
  expect(world.stage(one)).toBe("succeeded");
});

test("does not start a draining instance again that ends by itself, and moves its tasks", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  stop(world, { drain: true });
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  says(world, a, { kind: "instance-swept" });
  world.answer(one, { kind: "workspace-finished" });
  expect(world.instance(a).state.kind).toBe("stopped");
  expect(world.task(one)).toMatchObject({ state: { kind: "queued" }, attempts: [{ outcome: "lost" }] });
});

test("starts a draining instance again that ends by itself when it was to restart", () => {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  stop(world, { drain: true, next: "start" });
  says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  says(world, a, { kind: "instance-swept" });
  expect(world.instance(a).state.kind).toBe("backoff");
});
