import { rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { setFakeOptions } from "../helpers/fake-opencode-source";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, first, instanceIn, instances, newMark, spawned, submit, taskOf, until, untilState, waitsFor } from "./tasks";

// What supervision promises, on the built bridge and fake servers.

describe("on one server", () => {
  let world: OctoWorld;
  beforeAll(async () => {
    world = await octoWorld({ config: { tasks: { wedgedAfterMs: 2_000 }, instances: { slots: 2 } } });
    await spawned(world);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test("a session without progress is aborted first, then tried again", async () => {
    const mark = newMark();
    const task = await submit(world, `[[task:${mark}]] [[hang]]`, { attemptsMax: 2 });
    const end = await ended(world, task, "failed");
    expect(end.error).toMatchObject({ code: "TASK_WEDGED" });
    expect(end.attempts).toHaveLength(2);
    expect((await instances(world))[0]).toMatchObject({ incarnation: 1, state: "ready" });
  });

  test("a tool that says nothing for longer than a wedged turn may is left alone", async () => {
    const end = await ended(world, await submit(world, "[[bash:sleep 6]] [[say:done]]"));
    expect(end.attempts).toMatchObject([{ outcome: "succeeded" }]);
  });

  test("a provider that wants an hour's patience gets it: the slot is free, the instance not blamed, no attempt used up", async () => {
    const task = await submit(world, `[[task:${newMark()}]] [[status:429:1:3600]] [[say:done]]`);
    const parked = await until(world, task, ({ state, attempts }) => {
      expect(state).toBe("queued");
      expect(attempts).toMatchObject([{ outcome: "aborted", error: { code: "PROVIDER_RATE_LIMITED" } }]);
    });
    expect(parked.detail).toMatch(/again in 3[56]\d\d s/);
    const other = await submit(world, `[[task:${newMark()}]] [[say:done]]`);
    await ended(world, other);
    expect((await instances(world))[0]).toMatchObject({ running: 0, state: "ready" });
    await world.client.call("cancel_task", { taskId: task.id });
    await ended(world, task, "cancelled");
  });

  test("a provider's refusal is final, and named", async () => {
    const task = await submit(world, `[[task:${newMark()}]] [[status:401:9]]`);
    expect(await ended(world, task, "failed")).toMatchObject({ error: { code: "PROVIDER_AUTH" }, attempts: [{ outcome: "failed" }] });
  });

  test("a task that runs out of time is aborted and says so", async () => {
    const task = await submit(world, `[[task:${newMark()}]] ${waitsFor("/nonexistent/octo")}`, { runTimeMaxMs: 1_000, attemptsMax: 1 });
    expect(await ended(world, task, "failed")).toMatchObject({ error: { code: "TASK_TIMED_OUT" } });
  });

  test("a task over its limit of tokens is stopped and says so", async () => {
    const task = await submit(world, `[[task:${newMark()}]] [[bash:true]] [[slow:40:50]]`, { tokensMax: 1 });
    expect(await ended(world, task, "failed")).toMatchObject({ error: { code: "TASK_TOKENS_EXCEEDED" } });
  });

  test("a task that no slot takes in time says so", async () => {
    const file = `${world.folder}/${newMark()}`;
    const busy = [await submit(world, waitsFor(file)), await submit(world, waitsFor(file))];
    for (const task of busy) await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    const task = await submit(world, "[[say:never]]", { queueTimeMaxMs: 1_000 });
    expect(await ended(world, task, "failed")).toMatchObject({ error: { code: "TASK_QUEUE_TIMED_OUT" }, attempts: [] });
    await writeFile(file, "");
    for (const one of busy) await ended(world, one);
  });

  test("a task comes after those it names, and ends with them when they fail", async () => {
    const file = `${world.folder}/${newMark()}`;
    const one = await submit(world, `${waitsFor(file)} [[say:one]]`);
    const two = await submit(world, "[[say:two]]", { after: [one.id] });
    await until(world, one, ({ detail }) => expect(detail).toBe("works"));
    expect(await taskOf(world, two.id)).toMatchObject({ state: "queued", detail: `comes after ${one.id}` });
    // Of a long queue a short list shows what works.
    expect((await world.client.call("list_tasks", { limit: 1 })).tasks).toMatchObject([{ id: one.id, state: "running" }]);
    await writeFile(file, "");
    const [ends, follows] = [await ended(world, one), await ended(world, two)];
    expect(follows.endedAtEpochMs).toBeGreaterThanOrEqual(ends.endedAtEpochMs ?? 0);

    const failing = await submit(world, "[[status:401:9]]");
    const dependent = await submit(world, "[[say:never]]", { after: [failing.id] });
    await ended(world, failing, "failed");
    expect(await ended(world, dependent, "failed")).toMatchObject({ error: { code: "TASK_DEPENDENCY_FAILED" } });
  });

  test("a preview says where a task would go and changes nothing", async () => {
    const before = (await world.client.call("list_tasks", { all: true })).tasks.length;
    const params = { prompt: "x", directory: world.repository };
    expect((await world.client.call("preview_task", params)).lines[0]).toBe("it would be placed on oc1 by least-loaded");
    const nowhere = await world.client.call("preview_task", { ...params, filter: { labels: ["gpu"] } });
    expect(nowhere.lines).toEqual(["it would wait", "oc1: lacks the label gpu"]);
    expect((await world.client.call("list_tasks", { all: true })).tasks).toHaveLength(before);
  });

  test("a task with a server of its own gets one, and takes it along when it ends", async () => {
    const file = `${world.folder}/${newMark()}`;
    const task = await submit(world, `${waitsFor(file)} [[say:mine]]`, { isolation: "server" });
    await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    const own = (await taskOf(world, task.id)).instanceId;
    expect(own).not.toBe(first(await instances(world)).id);
    await writeFile(file, "");
    await ended(world, task);
    await eventually(async () => expect(await instances(world)).toHaveLength(1));
  });

  test("an instance that is drained lets its task end, takes no other, and stops", async () => {
    const file = `${world.folder}/${newMark()}`;
    const task = await submit(world, `${waitsFor(file)} [[say:done]]`);
    await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    const { id } = first(await instances(world));
    await world.client.call("drain_instance", { instanceId: id });
    const late = await submit(world, "[[say:later]]");
    expect((await world.client.call("why_task", { taskId: late.id })).lines).toEqual(["oc1: is draining"]);
    await writeFile(file, "");
    expect((await ended(world, task)).attempts).toHaveLength(1);
    await instanceIn(world, "stopped", id);
    await world.client.call("restart_instance", { instanceId: id });
    await ended(world, late);
  });
});

describe("on a server that always crashes", () => {
  let world: OctoWorld;
  beforeAll(async () => {
    world = await octoWorld({ config: { instances: { restartsMax: 2 } } });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test("it is given up after a few starts, with its last words; its task waits, and runs once it is mended", async () => {
    await setFakeOptions(world.folder, { failStart: { code: 3, stderr: "the disk of dreams is full" } });
    const task = await submit(world, `[[task:${newMark()}]] [[say:done]]`);
    const failed = await instanceIn(world, "failed");
    expect(failed.error?.code).toBe("INSTANCE_CRASH_LOOP");
    expect(failed.error?.message).toContain("the disk of dreams is full");
    expect(failed.incarnation).toBe(3);
    expect(await untilState(world, task, "queued")).toMatchObject({ attempts: [] });
    expect((await world.client.call("why_task", { taskId: task.id })).lines).toEqual([
      expect.stringMatching(/^oc1: has failed: [\s\S]*disk of dreams[\s\S]*octo restart oc1/),
    ]);
    await rm(`${world.folder}/fake-opencode.json`);
    await world.client.call("restart_instance", { instanceId: failed.id });
    await ended(world, task);
  });
});
