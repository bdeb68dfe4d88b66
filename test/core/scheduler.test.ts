import { expect, test } from "vitest";
import { explain, isStuck } from "../../bridge/core/eligibility";
import type { StrategyName, TaskSpec } from "../../shared/task";
import { instanceId, local, taskId } from "../fakes/samples";
import { a, aTask, b, error, finish, one, reach, ready, says, settle, submit, two } from "./steps";
import { World } from "./world";

const c = instanceId("c");
const anywhere = { instances: [], hosts: [], labels: [] };

function three(slots = 4): World {
  const world = new World();
  for (const id of [a, b, c]) ready(world, id, { slots });
  return world;
}

function placeMany(world: World, count: number, strategy: StrategyName): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = taskId(`many-${index}`);
    submit(world, id, { strategy });
    return world.attempt(id).instanceId;
  });
}

test("places nothing on an instance without a free slot, and the next in line as soon as one is free", () => {
  const world = new World();
  ready(world, a, { slots: 1 });
  submit(world, one);
  submit(world, two);
  expect(world.stage(two)).toBe("queued");
  reach(world, one, "started");
  settle(world, one, { kind: "succeeded" });
  finish(world, one);
  expect(world.attempt(two).slot).toBe(0);
});

test("places by priority first, then by order of submission", () => {
  const world = new World();
  const ids = ["low", "first", "second", "high"].map(taskId);
  for (const id of ids) submit(world, id, { priority: id.endsWith("low") ? -1 : id.endsWith("high") ? 5 : 0 });
  ready(world, a, { slots: 3 });
  expect(ids.map((id) => world.stage(id))).toEqual(["queued", "preparing", "preparing", "preparing"]);
});

test("lets a task that fits nowhere hold up no other", () => {
  const world = new World();
  ready(world, a);
  submit(world, one, { priority: 9, filter: { ...anywhere, labels: ["gpu"] } });
  submit(world, two);
  expect([world.stage(one), world.stage(two)]).toEqual(["queued", "preparing"]);
});

test.each([
  ["instances", { ...anywhere, instances: [b] }],
  ["labels", { ...anywhere, labels: ["gpu", "big"] }],
  ["instances and hosts", { instances: [b], hosts: [local], labels: [] }],
] as const)("places a task only where its filter by %s allows", (_, filter) => {
  const world = new World();
  ready(world, a, { labels: ["gpu"] });
  ready(world, b, { labels: ["gpu", "big"] });
  submit(world, one, { filter });
  expect(world.attempt(one).instanceId).toBe(b);
});

test("names for each instance why it does not take a task", () => {
  const world = new World();
  ready(world, a, { name: "full", slots: 1 });
  ready(world, b, { name: "plain" });
  submit(world, one, { filter: { ...anywhere, instances: [a] } });
  const task = aTask(two, { spec: { filter: { ...anywhere, instances: [a, b], labels: ["gpu"] } } });
  const said = explain(task, world.state, world.state.policy).join("\n");
  expect(said).toContain("plain: lacks the label gpu");
  const wanting: Partial<TaskSpec> = { filter: { ...anywhere, instances: [a] } };
  expect(explain(aTask(two, { spec: wanting }), world.state, world.state.policy).join("\n")).toContain("full: all 1 slots are taken");
});

test("round-robin takes the instances in turn", () => {
  expect(placeMany(three(), 6, "round-robin")).toEqual([a, b, c, a, b, c]);
});

test("least-loaded fills the instance with the smallest share of its slots in use", () => {
  const world = new World();
  ready(world, a, { slots: 1 });
  ready(world, b, { slots: 4 });
  expect(placeMany(world, 4, "least-loaded").filter((id) => id === b)).toHaveLength(3);
});

test("least-loaded takes the instance that knows the repository where loads are equal, and says so", () => {
  const world = new World();
  ready(world, a, { name: "new" });
  ready(world, b, { name: "known", directories: [{ directory: "/pool/b-0", repository: "/repo" }] });
  expect(placeMany(world, 2, "least-loaded")).toEqual([b, a]);
  expect(world.task(taskId("many-0")).placement?.reasons.at(-1)).toBe("known has the least load, and knows the repository");
  expect(world.task(taskId("many-1")).placement?.reasons.at(-1)).toBe("new has the least load");
});

test("random takes the same instances for the same seed, and all of them in the end", () => {
  const chosen = placeMany(three(10), 20, "random");
  expect(placeMany(three(10), 20, "random")).toEqual(chosen);
  expect(new Set(chosen).size).toBe(3);
});

test("prefers an instance on which the task has not failed yet, and takes it again when there is no other", () => {
  const world = new World();
  ready(world, a, { slots: 1 });
  submit(world, one, { attemptsMax: 3 });
  reach(world, one, "started");
  ready(world, b, { slots: 1 });
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  finish(world, one);
  world.advance(1_000);
  expect(world.attempt(one).instanceId).toBe(b);
  reach(world, one, "started");
  settle(world, one, { kind: "failed", error: error("PROVIDER_UNAVAILABLE") });
  finish(world, one);
  world.advance(2_000);
  expect(world.stage(one)).toBe("preparing");
});

test("stores with each placement where, by which strategy and why", () => {
  const world = three();
  submit(world, one, { strategy: "round-robin" });
  expect(world.task(one).placement).toMatchObject({ instanceId: a, strategy: "round-robin" });
  expect(world.task(one).placement?.reasons).not.toEqual([]);
});

test("tells a task that no instance can take as things are from one that has to wait", () => {
  const world = new World();
  ready(world, a, { slots: 1 });
  const stuck = (spec: Partial<TaskSpec>): boolean => isStuck(aTask(two, { spec }), world.state);
  expect(stuck({})).toBe(false);
  expect(stuck({ filter: { ...anywhere, labels: ["nobody"] } })).toBe(true);
  expect(stuck({ filter: { ...anywhere, instances: [b] } })).toBe(true);
  submit(world, one);
  expect(world.stage(one)).toBe("preparing");
  expect(stuck({})).toBe(false);
  expect(stuck({ after: [one], filter: { ...anywhere, labels: ["nobody"] } })).toBe(false);
});

test("a task is stuck where those that suit it wait for a person, and no longer once one starts", () => {
  const world = new World();
  ready(world, a);
  const stuck = (): boolean => isStuck(aTask(one), world.state);
  world.send({ kind: "instance-stop-requested", instanceId: a, next: "rest", drain: false });
  expect(stuck()).toBe(false);
  says(world, a, { kind: "instance-stopped" });
  expect([world.instance(a).state.kind, stuck()]).toEqual(["stopped", true]);
  world.send({ kind: "instance-start-requested", instanceId: a });
  expect(stuck()).toBe(false);
});
