import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { httpCall } from "../../bridge/cli/http-call";
import { protocolVersion, routes } from "../../shared/protocol";
import { eventually } from "../helpers/eventually";
import type { OctoWorld } from "../helpers/octo-world";
import { expectOneTurn, instances, newMark, submit, taskOf, until, waitsFor } from "./tasks";

/** "One turn a prompt", on any OpenCode. The world is proxied and has one ready instance. */
export function oneTurnPromises(worldOf: () => OctoWorld): void {
  const proxyOf = async () => worldOf().proxy((await instances(worldOf()))[0]?.port ?? 0);

  test("a prompt whose answer is lost is one turn", async () => {
    const world = worldOf();
    const proxy = await proxyOf();
    const mark = newMark();
    await proxy.trouble("lose", "/prompt_async");
    const task = await submit(world, `[[task:${mark}]] [[say:done]]`);
    expect(await expectOneTurn(world, task, mark)).toMatchObject({ text: "done" });
    expect((await proxy.counts()).lost).toBe(1);
  });

  test("a bridge that is killed after the prompt was taken, and before it could write that down, is one turn", async () => {
    const world = worldOf();
    const proxy = await proxyOf();
    const mark = newMark();
    await proxy.trouble("hold-answer", "/prompt_async");
    const task = await submit(world, `[[task:${mark}]] [[say:done]]`);
    await held(world);
    expect(await taskOf(world, task.id)).toMatchObject({ attempt: 1, attempts: [] });
    await world.startBridge();
    await proxy.release();
    await expectOneTurn(world, task, mark);
  });

  test("a prompt that arrives late, after the next bridge has sent it again, is one turn", async () => {
    const world = worldOf();
    const proxy = await proxyOf();
    const mark = newMark();
    const file = `${world.folder}/${mark}`;
    await proxy.trouble("hold-request", "/prompt_async");
    const task = await submit(world, `[[task:${mark}]] ${waitsFor(file)} [[say:done]]`);
    await held(world);
    await world.startBridge();
    await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    await proxy.release();
    await writeFile(file, "");
    await expectOneTurn(world, task, mark);
  });

  test("a stream that is cut in the middle is opened again, and the turn is one", async () => {
    const world = worldOf();
    const proxy = await proxyOf();
    const mark = newMark();
    const file = `${world.folder}/${mark}`;
    const task = await submit(world, `[[task:${mark}]] ${waitsFor(file)} [[say:done]]`);
    await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    await proxy.cutStreams();
    await eventually(async () => expect((await proxy.counts()).streams).toBe(1), { timeoutMs: world.openCode.patienceMs });
    await writeFile(file, "");
    await expectOneTurn(world, task, mark);
  });

  test("a request that a client repeats, at once or later, is one task and one turn", async () => {
    const world = worldOf();
    const mark = newMark();
    const params = { prompt: `[[task:${mark}]] [[say:done]]`, directory: world.repository };
    const body = JSON.stringify({ protocol: protocolVersion, requestId: `req-${mark}`, method: "distribute_task", params });
    const send = () => httpCall({ socketPath: world.client.socketPath, method: "POST", path: routes.rpc, body, timeoutMs: 10_000 });
    const [one, two] = await Promise.all([send(), send()]);
    expect(two).toEqual(one);
    const { tasks } = await world.client.call("list_tasks", {});
    const same = tasks.filter(({ prompt }) => prompt === params.prompt);
    expect(same).toHaveLength(1);
    await world.startBridge();
    expect(await send()).toEqual(one);
    for (const task of same) await expectOneTurn(world, task, mark);
  });

  const held = async (world: OctoWorld): Promise<void> => {
    const proxy = await proxyOf();
    await eventually(async () => expect((await proxy.counts()).held).toBe(1), { timeoutMs: world.openCode.patienceMs });
  };
}
