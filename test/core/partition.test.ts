import { expect, test } from "vitest";
import type { HostId } from "../../shared/ids";
import { a, asks, b, dies, error, one, reach, ready, says, settle, submit, two } from "./steps";
import { World } from "./world";

const alpha = "alpha" as HostId;
const minuteMs = 60_000;

/** `a` on a host whose tasks move two minutes after its link was lost. */
function world(): World {
  const made = new World();
  made.send({
    kind: "host-added",
    host: { id: alpha, isHome: false, onPartition: "move", partitionGraceMs: 2 * minuteMs, link: { kind: "up" } },
  });
  ready(made, a, { host: alpha });
  return made;
}

const lose = (made: World) => made.send({ kind: "host-lost", hostId: alpha, reason: { code: "HOST_UNREACHABLE", message: "no route" } });

test("tasks of a host that is lost go elsewhere after the grace, not before, and what is left there is swept first when it is back", () => {
  const made = world();
  submit(made, one);
  submit(made, two);
  reach(made, one, "started");
  reach(made, two, "started");
  settle(made, two, { kind: "succeeded" });
  ready(made, b);
  lose(made);
  made.advance(2 * minuteMs - 1);
  expect(made.attempt(one).instanceId).toBe(a);
  says(made, b, { kind: "instance-alive" });
  const asked = made.advance(1);
  expect(asked.map(({ kind }) => kind)).toContain("sweep-instance");
  expect(made.attempt(one)).toMatchObject({ instanceId: b, number: 2 });
  expect(made.task(one).attempts.map(({ outcome }) => outcome)).toEqual(["lost"]);
  // Its turn was over: only its branch has yet to come.
  expect(made.stage(two)).toBe("collecting");
  expect(made.instance(a).state.kind).toBe("sweeping");
  expect(made.deadlineMs).not.toBe(made.nowMs);
});

test("a task that was cancelled while its host could not be reached is cancelled once the fence has ended it, and runs nowhere else", () => {
  const made = world();
  submit(made, one);
  reach(made, one, "started");
  ready(made, b);
  lose(made);
  made.send({ kind: "task-cancel-requested", taskId: one });
  expect(made.stage(one)).toBe("aborting");
  made.advance(2 * minuteMs);
  expect(made.task(one).state.kind).toBe("cancelled");
});

test("tasks go elsewhere also when their server had died before the link did", () => {
  const made = world();
  submit(made, one);
  reach(made, one, "started");
  says(made, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
  ready(made, b);
  lose(made);
  made.advance(2 * minuteMs - 1);
  expect(made.attempt(one).instanceId).toBe(a);
  says(made, b, { kind: "instance-alive" });
  made.advance(1);
  expect(made.attempt(one)).toMatchObject({ instanceId: b, number: 2 });
  expect(made.deadlineMs).not.toBe(made.nowMs);
});

test("an attempt that is tried again anyway waits for no branch that cannot come", () => {
  const made = world();
  submit(made, one);
  reach(made, one, "started");
  dies(made, a);
  expect(made.stage(one)).toBe("collecting");
  ready(made, b);
  lose(made);
  made.answer(one, { kind: "finish-failed", error: error("HOST_UNREACHABLE") });
  made.advance(2 * minuteMs - 1);
  expect(made.stage(one)).toBe("collecting");
  says(made, b, { kind: "instance-alive" });
  made.advance(1);
  expect(made.attempt(one)).toMatchObject({ instanceId: b, number: 2 });
  expect(made.task(one).attempts.map(({ outcome }) => outcome)).toEqual(["lost"]);
});

test("a change of the reason starts no grace anew", () => {
  const made = world();
  submit(made, one);
  reach(made, one, "started");
  lose(made);
  made.advance(minuteMs);
  made.send({ kind: "host-lost", hostId: alpha, reason: error("HOST_KEY_CHANGED") });
  made.advance(minuteMs);
  expect(made.instance(a).state.kind).toBe("sweeping");
});

test.each(["stay", "remove"] as const)(
  "an instance that was draining when its host was lost ends for good behind the fence: %s",
  (next) => {
    const made = world();
    submit(made, one);
    reach(made, one, "started");
    ready(made, b);
    asks(made, one, "per_2", { sessionId: "ses_own", rootSessionId: "ses_own" });
    made.send({ kind: "instance-stop-requested", instanceId: a, next, drain: true });
    lose(made);
    made.advance(2 * minuteMs - 1);
    says(made, b, { kind: "instance-alive" });
    const asked = made.advance(1);
    expect(asked.map(({ kind }) => kind)).toContain("sweep-instance");
    expect(made.attempt(one)).toMatchObject({ instanceId: b, number: 2 });
    expect(made.state.asks.size).toBe(0);
    made.send({ kind: "host-connected", hostId: alpha });
    says(made, a, { kind: "instance-swept" });
    expect(made.state.instances.get(a)?.state.kind).toBe(next === "stay" ? "stopped" : undefined);
  },
);
