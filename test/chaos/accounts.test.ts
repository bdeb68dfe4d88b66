import { expect, test } from "vitest";
import { ended, spawned, submit } from "../e2e/tasks";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { WorkLoad } from "./work-load";

// What chaos counts must be able to come out wrong: here it is made wrong from outside.

/** The shortest tool that the load knows. */
const random = (): number => 0;

/** A load of one task, and its prompt, once it is accepted. */
async function loadOfOne(world: OctoWorld) {
  const load = new WorkLoad(world, random);
  const enough = new AbortController();
  const keeping = load.keep(1, enough.signal);
  const prompt = await eventually(async () => {
    const { tasks } = await world.client.call("list_tasks", { all: true });
    const [task] = tasks;
    if (!task) throw new Error("no task yet");
    return task.prompt;
  });
  enough.abort();
  await keeping;
  return { load, prompt };
}

test("a load that ran as it should is accounted for without a complaint", async () => {
  await using world = await octoWorld({ config: { instances: { slots: 2 } } });
  await spawned(world);
  const { load } = await loadOfOne(world);
  const accounts = await load.settle();
  expect(accounts).toMatchObject({ lost: [], doubled: [], otherEnds: {}, succeeded: accounts.tasks, turns: accounts.tasks });
});

test("a prompt that runs a second time, beside the first, is counted as doubled", async () => {
  await using world = await octoWorld({ config: { instances: { slots: 2 } } });
  await spawned(world);
  const { load, prompt } = await loadOfOne(world);
  await ended(world, await submit(world, prompt));
  expect((await load.settle()).doubled.join("\n")).toMatch(/work-1: 2 turns in 1 attempts/);
});

test("a task that is accepted and does not end is counted as lost", async () => {
  await using world = await octoWorld();
  const server = await spawned(world);
  await world.client.call("drain_instance", { instanceId: server.id });
  const { load } = await loadOfOne(world);
  expect((await load.settle(500)).lost).toEqual([expect.stringMatching(/^work-1: queued/)]);
});
