import { expect, test } from "vitest";
import { explain } from "../../bridge/core/eligibility";
import type { Host } from "../../bridge/core/host";
import type { HostFigures } from "../../shared/host";
import type { HostId } from "../../shared/ids";
import { a, anInstance, asks, b, error, finish, one, reach, ready, says, settle, submit, two } from "./steps";
import { World } from "./world";

const alpha = "alpha" as HostId;
const minuteMs = 60_000;
const unreachable = { code: "HOST_UNREACHABLE", message: "no route" } as const;

function host(change: Partial<Host> = {}): Host {
  return { id: alpha, isHome: false, onPartition: "wait", partitionGraceMs: 2 * minuteMs, link: { kind: "up" }, ...change };
}

/** `a` on the host, `b` here. */
function world(change: Partial<Host> = {}): World {
  const made = new World();
  made.send({ kind: "host-added", host: host(change) });
  ready(made, a, { host: alpha });
  return made;
}

const lose = (made: World) => made.send({ kind: "host-lost", hostId: alpha, reason: unreachable });
const connect = (made: World) => made.send({ kind: "host-connected", hostId: alpha });

test("nothing is due, lost or ended while the link to its host is down, for hours", () => {
  const made = world();
  submit(made, one, { runTimeMaxMs: 10 * minuteMs });
  reach(made, one, "started");
  made.advance(10_000);
  lose(made);
  expect(made.advance(6 * 60 * minuteMs)).toEqual([]);
  expect(made.stage(one)).toBe("started");
  expect(made.instance(a).state.kind).toBe("ready");

  connect(made);
  const asked = made.advance(1);
  expect(asked.map(({ kind }) => kind)).toContain("inspect-turn");
  made.answer(one, { kind: "turn-inspected", report: { kind: "running" } });
  // Its time went on only while it could be reached: nine of ten minutes are left.
  made.advance(8 * minuteMs);
  expect(made.stage(one)).toBe("started");
});

test.each(["before", "after"] as const)("hours without a link use up no run time, also when the bridge dies %s it is back", (dies) => {
  const made = world();
  submit(made, one, { runTimeMaxMs: 10 * minuteMs });
  reach(made, one, "started");
  made.advance(4 * minuteMs);
  lose(made);
  made.advance(6 * 60 * minuteMs);
  if (dies === "after") connect(made);
  made.restart();
  connect(made);
  made.advance(5 * minuteMs);
  expect(made.stage(one)).toBe("started");
  made.advance(minuteMs);
  expect(made.stage(one)).toBe("aborting");
});

test("a lost stream is opened again at once when the link is back", () => {
  const made = world();
  lose(made);
  says(made, a, { kind: "stream-lost" });
  expect(connect(made).map(({ kind }) => kind)).toEqual(["rewatch-instance"]);
});

test("nothing boots on a host before it can be reached", () => {
  const made = new World();
  made.send({ kind: "host-added", host: host({ link: { kind: "down", sinceMs: 0, reason: unreachable } }) });
  made.send({ kind: "instance-requested", instance: anInstance(a, { host: alpha }) });
  expect(made.instance(a).state.kind).toBe("queued");
  expect(connect(made).map(({ kind }) => kind)).toEqual(["launch-instance"]);
});

test("a host that is forgotten while it works leaves nothing behind here: its tasks have failed for good, and no effect is asked for", () => {
  const made = world();
  submit(made, one);
  reach(made, one, "started");
  ready(made, b);
  asks(made, one);
  lose(made);
  expect(made.send({ kind: "host-removed", hostId: alpha })).toEqual([]);
  expect(made.task(one)).toMatchObject({
    state: { kind: "failed", error: { code: "HOST_UNKNOWN", message: expect.stringContaining("alpha") } },
    attempts: [{ outcome: "failed" }],
  });
  expect([...made.state.instances.keys()]).toEqual([b]);
  expect(made.state.asks.size).toBe(0);
});

test("a task that was being cancelled on a host is cancelled when the host is forgotten", () => {
  const made = world();
  submit(made, one);
  reach(made, one, "started");
  lose(made);
  made.send({ kind: "task-cancel-requested", taskId: one });
  expect(made.stage(one)).toBe("aborting");
  made.send({ kind: "host-removed", hostId: alpha });
  expect(made.task(one).state.kind).toBe("cancelled");
});

test("why names the host and the reason", () => {
  const made = world();
  lose(made);
  submit(made, one);
  expect(made.stage(one)).toBe("queued");
  expect(explain(made.task(one), made.state, made.state.policy)).toEqual(["ins_a: alpha cannot be reached: no route"]);
  connect(made);
  expect(made.stage(one)).toBe("preparing");
});

test("a worktree that could not be prepared for the link uses up no attempt, and the task goes elsewhere", () => {
  const made = world();
  submit(made, one);
  ready(made, b);
  lose(made);
  made.answer(one, { kind: "workspace-failed", error: error("HOST_LINK_LOST") });
  made.advance(minuteMs);
  expect(made.attempt(one).instanceId).toBe(b);
  expect(made.task(one).attemptsUsed).toBe(0);
});

test.each(["HOST_LINK_LOST", "HOST_UNREACHABLE", "HOST_OTHER_MACHINE"] as const)(
  "%s uses up no attempt, also before the link is known to be down",
  (code) => {
    const made = world();
    submit(made, one);
    made.answer(one, { kind: "workspace-failed", error: error(code) });
    made.advance(minuteMs);
    expect(made.task(one).attemptsUsed).toBe(0);
  },
);

test("work that is done waits for the link to come home, however long", () => {
  const made = world();
  submit(made, one);
  reach(made, one, "started");
  settle(made, one, { kind: "succeeded" });
  lose(made);
  for (let round = 0; round < 3; round += 1) {
    made.answer(one, { kind: "finish-failed", error: error("HOST_UNREACHABLE") });
    made.advance(10 * minuteMs);
  }
  expect(made.stage(one)).toBe("collecting");
  connect(made);
  expect(made.advance(1).map(({ kind }) => kind)).toEqual(["finish-workspace"]);
  finish(made, one);
  expect(made.task(one).state.kind).toBe("succeeded");
});

test("folders and files of this machine keep a task at home", () => {
  const made = world();
  submit(made, one, { attachments: ["/a.png"] });
  expect(made.stage(one)).toBe("queued");
  // Nor does it keep others from a host.
  submit(made, two);
  expect(made.attempt(two).instanceId).toBe(a);
  ready(made, b);
  expect(made.attempt(one).instanceId).toBe(b);
});

test("least-loaded counts the CPU, the memory and the way of a machine", () => {
  const gib = 1024 ** 3;
  const calm: HostFigures = {
    load: 0,
    cores: 4,
    memoryFreeBytes: 8 * gib,
    memoryTotalBytes: 16 * gib,
    diskFreeBytes: 100 * gib,
    roundTripMs: 1,
  };
  const chosen = (figures: HostFigures) => {
    const made = world();
    made.send({ kind: "host-measured", hostId: alpha, figures });
    ready(made, b);
    submit(made, two, { filter: { instances: [b], hosts: [], labels: [] } });
    submit(made, one, { strategy: "least-loaded" });
    return made.attempt(one).instanceId;
  };
  expect(chosen(calm)).toBe(a);
  expect(chosen({ ...calm, load: 4 })).toBe(b);
  expect(chosen({ ...calm, memoryFreeBytes: gib / 10 })).toBe(b);
  expect(chosen({ ...calm, roundTripMs: 500 })).toBe(b);
  // No instance of it may be chosen at all.
  expect(chosen({ ...calm, diskFreeBytes: gib / 2 })).toBe(b);
});

test("a task with a model goes only where it is offered, and `why` names the others", () => {
  const model = "acme/large";
  const made = world();
  const list = (hostId: HostId, models: readonly string[]) => made.send({ kind: "host-models-listed", hostId, models });
  const lines = () => explain(made.task(one), made.state, made.state.policy);
  submit(made, one, { model });
  expect(lines()).toEqual([expect.stringContaining("the models of alpha are not known yet")]);
  list(alpha, ["acme/small"]);
  expect(lines()).toEqual([expect.stringContaining("alpha does not offer acme/large: log in there")]);
  list(alpha, ["acme/small", model]);
  expect(made.attempt(one).instanceId).toBe(a);
  submit(made, two);
  expect(made.attempt(two).instanceId).toBe(a);
});

test("a model that no login at home offers may come with the project: it keeps a task from no host", () => {
  const made = world();
  made.send({ kind: "host-added", host: host({ id: "local" as HostId, isHome: true, models: ["acme/small"] }) });
  made.send({ kind: "host-models-listed", hostId: alpha, models: [] });
  submit(made, one, { model: "acme/small" });
  expect(made.stage(one)).toBe("queued");
  submit(made, two, { model: "project/own" });
  expect(made.attempt(two).instanceId).toBe(a);
});
