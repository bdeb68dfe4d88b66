import { expect, test } from "vitest";
import { a, error, one, reach, ready, says, submit, two } from "./steps";
import { World } from "./world";

function up(): World {
  const world = new World();
  ready(world, a);
  return world;
}

/** The probe under way finds nobody; `cpuMs`: what the process has used so far. */
const unheard = (world: World, cpuMs: number) => says(world, a, { kind: "probe-failed", cpuMs });

/** Silence for as long, every probe unanswered, while the process uses this much CPU a second. */
function silence(world: World, seconds: number, cpuMsASecond: number): void {
  for (let second = 0; second < seconds; second += 1) {
    world.advance(1_000);
    if (world.instance(a).health.probing) unheard(world, world.nowMs * cpuMsASecond);
  }
}

test("probes an instance after fifteen seconds of silence, and again a second after each answer that does not come", () => {
  const world = up();
  expect(world.advance(14_999)).toEqual([]);
  expect(world.advance(1).map(({ kind }) => kind)).toEqual(["probe-instance"]);
  expect(world.advance(5_000)).toEqual([]);
  unheard(world, 1);
  expect(world.advance(1_000).map(({ kind }) => kind)).toEqual(["probe-instance"]);
});

test("gives no new work to an instance that was silent for thirty seconds, and leaves what it has alone", () => {
  const world = up();
  submit(world, one);
  reach(world, one, "started");
  silence(world, 31, 100);
  submit(world, two);
  expect(world.instance(a).state).toEqual({ kind: "unready", reason: "silent" });
  expect([world.stage(one), world.stage(two)]).toEqual(["started", "queued"]);
});

test("takes an instance back at its first sign of life, and places what waited for it", () => {
  const world = up();
  silence(world, 31, 100);
  submit(world, one);
  says(world, a, { kind: "instance-alive" });
  expect(world.instance(a).state.kind).toBe("ready");
  expect(world.stage(one)).toBe("preparing");
});

test("never kills a silent server that uses CPU, however long it is silent", () => {
  const world = up();
  silence(world, 600, 100);
  expect(world.count("kill-instance")).toBe(0);
});

test("never kills a server of whose CPU time nothing is known", () => {
  const world = up();
  for (let second = 0; second < 600; second += 1) {
    world.advance(1_000);
    says(world, a, { kind: "probe-failed" });
  }
  expect(world.count("kill-instance")).toBe(0);
});

test("kills a server that was silent for ninety seconds and uses no CPU, and counts it as an exit", () => {
  const world = up();
  silence(world, 89, 0);
  expect(world.count("kill-instance")).toBe(0);
  silence(world, 3, 0);
  expect(world.count("kill-instance")).toBe(1);
  says(world, a, { kind: "instance-stopped" });
  expect(world.instance(a)).toMatchObject({ state: { kind: "backoff" }, exitsAtMs: [world.nowMs] });
});

test.each(["stay", "remove"] as const)("kills a dead server that was draining, and leaves it ended as it was asked to: %s", (next) => {
  const world = up();
  submit(world, one);
  reach(world, one, "started");
  world.send({ kind: "instance-stop-requested", instanceId: a, next, drain: true });
  silence(world, 92, 0);
  expect(world.count("kill-instance")).toBe(1);
  says(world, a, { kind: "instance-stopped" });
  expect(world.state.instances.get(a)?.state.kind).toBe(next === "stay" ? "stopped" : undefined);
});

test("holds no silence against an instance after the bridge itself slept", () => {
  const world = up();
  silence(world, 80, 0);
  world.send({ kind: "bridge-resumed", gapMs: 3_600_000 });
  silence(world, 80, 0);
  expect(world.count("kill-instance")).toBe(0);
});

test("gives no work to an instance whose stream is lost, though it answers probes", () => {
  const world = up();
  silence(world, 31, 100);
  says(world, a, { kind: "stream-lost" });
  says(world, a, { kind: "instance-alive" });
  submit(world, one);
  expect(world.stage(one)).toBe("queued");
  says(world, a, { kind: "stream-opened" });
  expect(world.stage(one)).toBe("preparing");
});

test("asks for every turn again when the stream is back: what was said meanwhile is lost", () => {
  const world = up();
  submit(world, one);
  reach(world, one, "started");
  says(world, a, { kind: "stream-lost" });
  const asked = says(world, a, { kind: "stream-opened" }).map(({ kind }) => kind);
  expect(asked).toEqual(expect.arrayContaining(["list-asks", "inspect-turn"]));
});

test("counts no progress as missing that may have been said while the stream was down", () => {
  const world = up();
  submit(world, one);
  reach(world, one, "started");
  says(world, a, { kind: "stream-lost" });
  for (let minute = 0; minute < 9; minute += 1) {
    world.advance(60_000);
    says(world, a, { kind: "instance-alive" });
  }
  says(world, a, { kind: "stream-opened" });
  world.advance(120_000);
  expect(world.stage(one)).toBe("started");
});

test("says why an instance that ends again and again is not started any more", () => {
  const world = up();
  for (let exits = 0; exits < 6; exits += 1) {
    says(world, a, { kind: "instance-exited", error: error("INSTANCE_EXITED") });
    says(world, a, { kind: "instance-swept" });
    world.advance(8_000);
  }
  expect(world.instance(a).state).toMatchObject({ kind: "failed", error: { code: "INSTANCE_CRASH_LOOP" } });
});
