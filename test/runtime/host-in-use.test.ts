import { expect, test } from "vitest";
import { refuseInUse } from "../../bridge/runtime/calls/host-in-use";
import type { HostId } from "../../shared/ids";
import { a, b, error, finish, one, reach, ready, says, settle, submit } from "../core/steps";
import { World } from "../core/world";

const alpha = "alpha" as HostId;
const beta = "beta" as HostId;
const inUse = expect.objectContaining({ code: "HOST_IN_USE", message: `alpha works on ${one}` });

/** A turn on alpha that is over; its work has yet to come home. */
function collecting(): World {
  const world = new World();
  ready(world, a, { host: alpha });
  submit(world, one);
  ready(world, b, { host: beta });
  reach(world, one, "started");
  settle(world, one, { kind: "succeeded" });
  return world;
}

test("a host whose instance works on a task is in use, another host is not", () => {
  const { state } = collecting();
  expect(() => refuseInUse(state, alpha)).toThrow(inUse);
  expect(() => refuseInUse(state, beta)).not.toThrow();
});

test("a host is in use while work of an instance that was removed is collected there, and no longer", () => {
  const world = collecting();
  world.send({ kind: "instance-stop-requested", instanceId: a, next: "remove", drain: false });
  says(world, a, { kind: "instance-stopped" });
  world.answer(one, { kind: "finish-failed", error: error("HOST_UNREACHABLE") });
  expect(world.state.instances.has(a)).toBe(false);
  expect(() => refuseInUse(world.state, alpha)).toThrow(inUse);
  world.advance(60_000);
  finish(world, one);
  expect(() => refuseInUse(world.state, alpha)).not.toThrow();
});
