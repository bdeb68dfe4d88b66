import { expect, test } from "vitest";
import { noDay } from "../../bridge/core/day";
import type { Host } from "../../bridge/core/host";
import { happeningKinds, matchesKind } from "../../shared/happening";
import { hostId } from "../fakes/samples";
import { a, asks, comeUp, dies, error, finish, one, reach, ready, says, settle, submit, two, usage } from "./steps";
import { World } from "./world";

const kinds = (world: World): readonly string[] => world.happened.map(({ kind }) => kind);

function started(): World {
  const world = new World();
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  return world;
}

test("tells that a task began and how it ended, once each", () => {
  const world = started();
  settle(world, one, { kind: "succeeded" });
  finish(world, one);
  submit(world, two);
  reach(world, two, "started");
  settle(world, two, { kind: "failed", error: error("PROVIDER_AUTH") });
  finish(world, two);
  expect(kinds(world)).toEqual(["task.started", "task.succeeded", "task.started", "task.failed"]);
  expect(world.happened[1]).toMatchObject({ task: { id: one }, instanceId: a });
});

test("tells each attempt of a task, and its end once", () => {
  const world = started();
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  finish(world, one);
  world.advance(2_000);
  world.send({ kind: "task-cancel-requested", taskId: one });
  world.answer(one, { kind: "workspace-failed", error: error("GIT_MISSING") });
  expect(kinds(world).filter((kind) => kind !== "task.started")).toEqual(["task.cancelled"]);
  expect(new Set(world.happened.map(({ id }) => id)).size).toBe(world.happened.length);
});

test("tells an ask when it is opened and when it is answered", () => {
  const world = started();
  const ask = asks(world, one);
  says(world, a, { kind: "ask-closed", closing: { kind: "delivered" }, askId: ask.id });
  expect(world.happened.slice(1)).toMatchObject([
    { kind: "ask.opened", askId: ask.id, task: { id: one }, instanceId: a },
    { kind: "ask.answered", askId: ask.id },
  ]);
});

test("says nothing twice after a restart of the bridge: neither of asks that are listed again, nor of servers that are adopted", () => {
  const world = started();
  const ask = asks(world, one);
  const before = world.happened.length;
  world.restart();
  says(world, a, { kind: "instance-adopted", identity: { pid: 101, startTime: "1", bootId: "boot" } });
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [ask] });
  expect(world.stage(one)).toBe("waiting");
  expect(world.instance(a).state.kind).toBe("ready");
  expect(world.happened.slice(before)).toEqual([]);
});

test("tells an answer that was given while no bridge ran", () => {
  const world = started();
  const ask = asks(world, one);
  world.restart();
  says(world, a, { kind: "instance-adopted", identity: { pid: 101, startTime: "1", bootId: "boot" } });
  says(world, a, { kind: "stream-opened" });
  says(world, a, { kind: "asks-listed", asks: [] });
  expect(world.happened.at(-1)).toMatchObject({ kind: "ask.answered", askId: ask.id });
});

test("does not call an ask answered when its task was cancelled", () => {
  const world = started();
  asks(world, one);
  world.send({ kind: "task-cancel-requested", taskId: one });
  expect(kinds(world)).not.toContain("ask.answered");
});

test("tells a server that came back by a new start, and one that gave up", () => {
  const world = new World({ restartsMax: 2, restartWindowMs: 600_000 });
  ready(world, a);
  dies(world, a);
  world.advance(60_000);
  comeUp(world, a);
  expect(kinds(world)).toEqual(["instance.restarted"]);
  dies(world, a);
  world.advance(60_000);
  comeUp(world, a);
  dies(world, a);
  expect(kinds(world).at(-1)).toBe("instance.failed");
  expect(world.happened.at(-1)).toMatchObject({ instanceId: a, reason: expect.stringContaining("INSTANCE_EXITED") });
});

test("tells a host that was lost and is back, not one that a bridge reaches for the first time", () => {
  const world = new World();
  const id = hostId("lab");
  const reason = error("HOST_UNREACHABLE");
  const host: Host = {
    id,
    isHome: false,
    onPartition: "wait",
    partitionGraceMs: 120_000,
    link: { kind: "down", sinceMs: 0, reason },
  };
  world.send({ kind: "host-added", host });
  world.send({ kind: "host-connected", hostId: id });
  expect(kinds(world)).toEqual([]);
  world.send({ kind: "host-lost", hostId: id, reason });
  world.send({ kind: "host-lost", hostId: id, reason: error("HOST_AUTH_REFUSED") });
  world.send({ kind: "host-connected", hostId: id });
  expect(kinds(world)).toEqual(["host.lost", "host.back"]);
});

test("tells once that the day's limit is reached, and when the queue goes on", () => {
  const world = new World({ dayTokensMax: 5 });
  world.send({ kind: "day-began", day: { ...noDay, name: "2026-11-23" } });
  ready(world, a);
  submit(world, one);
  reach(world, one, "started");
  settle(world, one, { kind: "succeeded" }, usage(10));
  finish(world, one);
  world.restart();
  world.send({ kind: "day-began", day: { ...noDay, name: "2026-11-24" } });
  expect(kinds(world).filter((kind) => kind.startsWith("limit."))).toEqual(["limit.reached", "limit.lifted"]);
});

test.each([
  ["task.finished", ["task.succeeded", "task.failed", "task.cancelled"]],
  ["task.failed", ["task.failed"]],
  ["host.*", ["host.lost", "host.back"]],
  ["*.failed", ["task.failed", "instance.failed"]],
  ["*", happeningKinds],
  ["*a*k*", ["task.started", "task.succeeded", "task.failed", "task.cancelled", "host.back"].filter((kind) => /a.*k/.test(kind))],
  ["task.succeeded.more", []],
  ["task", []],
])("%s names what it should", (pattern, expected) => {
  const matched = happeningKinds.filter((kind) => matchesKind(pattern, kind));
  const wanted = pattern === "*a*k*" ? happeningKinds.filter((kind) => /^.*a.*k.*$/.test(kind)) : expected;
  expect(matched).toEqual(wanted);
});
