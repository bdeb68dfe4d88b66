import { expect, test } from "vitest";
import type { Host } from "../../bridge/core/host";
import { createEventLog, type EventLine } from "../../bridge/runtime/event-log";
import { a, comeUp, dies, error, finish, one, reach, ready, submit } from "../core/steps";
import { World } from "../core/world";
import { hostId } from "../fakes/samples";

/** A world and what its log says of each step. */
function told(world: World) {
  const lines: EventLine[] = [];
  const note = createEventLog(world.state, (line) => lines.push(line));
  let happened = world.happened.length;
  return (step: () => void): readonly EventLine[] => {
    const before = world.state;
    step();
    const { state } = world;
    note({
      state,
      changedTasks: new Set([...before.tasks.values(), ...state.tasks.values()].map(({ id }) => id)),
      changedInstances: new Set([...before.instances.keys(), ...state.instances.keys()]),
      happenings: world.happened.slice(happened),
      ...{ asksChanged: false, amendedTasks: [], now: { ms: world.nowMs, epochMs: world.epochMs } },
    });
    happened = world.happened.length;
    return lines.splice(0);
  };
}

test("tells the death of a server, what becomes of its task, and its next start, each with ids and the reason", () => {
  const world = new World();
  const step = told(world);
  expect(step(() => ready(world, a))).toMatchObject([{ event: "instance.ready", details: { instance: a, incarnation: 1, pid: 101 } }]);
  expect(step(() => submit(world, one)).map(({ event }) => event)).toEqual(["task.submitted", "task.started"]);
  expect(step(() => reach(world, one, "started"))).toEqual([]);
  expect(step(() => dies(world, a))).toMatchObject([
    { event: "instance.backoff", details: { instance: a, was: "ready", code: "INSTANCE_EXITED" } },
  ]);
  expect(step(() => finish(world, one))).toMatchObject([
    { event: "task.requeued", details: { task: one, attempt: 1, instance: a, outcome: "lost", code: "INSTANCE_EXITED" } },
  ]);
  expect(step(() => world.advance(2_000)).map(({ event }) => event)).toEqual(["instance.starting"]);
  expect(step(() => comeUp(world, a)).map(({ event }) => event)).toEqual(["instance.ready", "task.started"]);
});

test("tells the link to a host when it comes and goes, with the reason, once each", () => {
  const world = new World();
  const step = told(world);
  const id = hostId("lab");
  const reason = error("HOST_UNREACHABLE");
  const host: Host = { id, isHome: false, onPartition: "wait", partitionGraceMs: 1_000, link: { kind: "down", sinceMs: 0, reason } };
  expect(step(() => world.send({ kind: "host-added", host }))).toMatchObject([
    { event: "host.down", details: { host: id, code: "HOST_UNREACHABLE" } },
  ]);
  expect(step(() => world.send({ kind: "host-connected", hostId: id }))).toEqual([{ event: "host.up", details: { host: id } }]);
  expect(step(() => world.send({ kind: "host-lost", hostId: id, reason }))).toMatchObject([{ event: "host.down" }]);
  expect(step(() => world.send({ kind: "host-lost", hostId: id, reason: error("HOST_AUTH_REFUSED") }))).toEqual([]);
});
