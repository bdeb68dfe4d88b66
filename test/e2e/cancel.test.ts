import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import type { ProxyControl } from "../helpers/proxy-control";
import { ended, newMark, oneAsk, refused, spawned, submit, until, waitsFor } from "./tasks";

// A cancel in each phase: what is under way is ended first, and what it left in its worktree is committed.

let world: OctoWorld;
let proxy: ProxyControl;
let mark = "";
let file = "";

beforeAll(async () => {
  world = await octoWorld({ proxied: true });
  proxy = world.proxy((await spawned(world)).port);
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  mark = newMark();
  file = `${world.folder}/${mark}`;
});

const held = () => eventually(async () => expect((await proxy.counts()).held).toBe(1), { timeoutMs: 10_000 });
const cancel = (task: Awaited<ReturnType<typeof submit>>) => world.client.call("cancel_task", { taskId: task.id });

describe("a cancelled task ends cancelled", () => {
  test("while it is queued, and is never begun", async () => {
    const blocker = await submit(world, waitsFor(file));
    const task = await submit(world, `[[task:${mark}]] [[say:done]]`, { after: [blocker.id] });
    await cancel(task);
    expect(await ended(world, task, "cancelled")).toMatchObject({ attempts: [], error: { code: "TASK_CANCELLED" } });
    await writeFile(file, "");
    await ended(world, blocker);
    expect(await world.openCode.turns(mark)).toBe(0);
    expect(await refused(cancel(task))).toMatchObject({ code: "TASK_ENDED" });
  });

  test("while its worktree is prepared", async () => {
    await world.gitGate.closeFor("for-each-ref");
    const task = await submit(world, `[[task:${mark}]] [[say:done]]`);
    await world.gitGate.reached();
    expect((await cancel(task)).task.detail).toBe("prepares the worktree");
    await world.gitGate.open();
    await ended(world, task, "cancelled");
    expect(await world.openCode.turns(mark)).toBe(0);
  });

  test("while its session is opened", async () => {
    await proxy.trouble("hold-answer", "/session");
    const task = await submit(world, `[[task:${mark}]] [[say:done]]`);
    await held();
    await cancel(task);
    await proxy.release();
    await ended(world, task, "cancelled");
    expect(await world.openCode.turns(mark)).toBe(0);
  });

  test("while its prompt is sent, and the turn that begins after all is aborted", async () => {
    await proxy.trouble("hold-answer", "/prompt_async");
    const task = await submit(world, `[[task:${mark}]] ${waitsFor(file)} [[bash:touch ${file}.after]]`);
    await held();
    await cancel(task);
    await proxy.release();
    await ended(world, task, "cancelled");
    await writeFile(file, "");
    expect(existsSync(`${file}.after`)).toBe(false);
  });

  test("while its turn works, with what it has done on its branch", async () => {
    const task = await submit(world, `[[task:${mark}]] [[write:half.txt|half]] [[bash:touch ${file}.begun]] ${waitsFor(file)}`);
    await eventually(() => expect(existsSync(`${file}.begun`)).toBe(true));
    await cancel(task);
    const end = await ended(world, task, "cancelled");
    expect(end).toMatchObject({ attempts: [{ outcome: "aborted" }], branch: { files: ["half.txt"] } });
    expect(await world.git("show", `${end.branch?.branch}:half.txt`)).toBe("half");
  });

  test("while it waits for a person, whose inbox is empty then", async () => {
    const task = await submit(world, `[[task:${mark}]] [[ask:touch ${file}]]`);
    const ask = await oneAsk(world, task);
    await cancel(task);
    await ended(world, task, "cancelled");
    await eventually(async () => expect((await world.client.call("list_asks", {})).asks).toEqual([]));
    const answer = world.client.call("answer_ask", { askId: ask.id, answer: { kind: "allow", scope: "once" } });
    expect(await refused(answer)).toMatchObject({ code: "ASK_UNKNOWN" });
    expect(existsSync(file)).toBe(false);
  });

  test("by a bridge that was killed while it aborted the turn", async () => {
    await proxy.trouble("hold-request", "/abort");
    const task = await submit(world, `[[task:${mark}]] ${waitsFor(file)}`);
    await until(world, task, ({ detail }) => expect(detail).toBe("works"));
    await cancel(task);
    await held();
    await world.startBridge();
    await proxy.release();
    await ended(world, task, "cancelled");
  });
});

test("work that has succeeded stays so when it is cancelled while it is committed", async () => {
  await world.gitGate.closeFor("commit");
  const task = await submit(world, `[[task:${mark}]] [[write:new.txt|new]]`);
  await world.gitGate.reached();
  await cancel(task);
  await world.gitGate.open();
  expect(await ended(world, task)).toMatchObject({ branch: { files: ["new.txt"] } });
});

test("a cancelled task that is retried runs again on its branch", async () => {
  const task = await submit(
    world,
    `[[task:${mark}]] [[ensure:list.txt|entry]] [[bash:touch ${file}.begun]] ${waitsFor(file)} [[say:done]]`,
  );
  await eventually(() => expect(existsSync(`${file}.begun`)).toBe(true));
  await cancel(task);
  const before = await ended(world, task, "cancelled");
  await writeFile(file, "");
  expect(await refused(world.client.call("retry_task", { taskId: (await submit(world, waitsFor(`${file}.2`))).id }))).toMatchObject({
    code: "TASK_NOT_ENDED",
  });
  await writeFile(`${file}.2`, "");
  await world.client.call("retry_task", { taskId: task.id });
  const after = await ended(world, task);
  expect(after.attempts.map(({ outcome }) => outcome)).toEqual(["aborted", "succeeded"]);
  expect(after.branch?.branch).toBe(before.branch?.branch);
  expect(await world.git("show", `${after.branch?.branch}:list.txt`)).toBe("entry");
});
