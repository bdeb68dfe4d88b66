import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectGone } from "../helpers/census";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, first, instanceIn, newMark, oneAsk, spawned, submit, untilState, waitsFor } from "./tasks";

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld({ config: { instances: { restartsMax: 100 } } });
  await spawned(world);
});
afterAll(() => world[Symbol.asyncDispose]());

async function killServer(): Promise<void> {
  const { pid, incarnation } = await instanceIn(world, "ready");
  process.kill(pid ?? 0, "SIGKILL");
  await eventually(async () => expect((await instanceIn(world, "ready")).incarnation).toBe(incarnation + 1), { timeoutMs: 15_000 });
}

test("a task goes on in its own session when its server is killed in the middle", async () => {
  const mark = newMark();
  const file = `${world.folder}/${mark}`;
  const task = await submit(world, `[[task:${mark}]] [[write:half.txt|half]] ${waitsFor(file)} [[write:whole.txt|whole]] [[say:done]]`);
  await eventually(async () => expect(await world.openCode.turns(mark)).toBe(1));
  await untilState(world, task, "running");
  await killServer();
  await writeFile(file, "");
  const end = await ended(world, task);
  expect(end.attempts).toMatchObject([{ outcome: "lost", error: { code: "INSTANCE_EXITED" } }, { outcome: "succeeded" }]);
  expect(end.attempts[1]?.sessionId).toBe(end.attempts[0]?.sessionId);
  expect(end.branch?.files).toEqual(["half.txt", "whole.txt"]);
  expect(await world.openCode.turns(mark)).toBe(2);
});

test("the tools of a killed server are ended before its task goes on, also those that ignore SIGTERM", async () => {
  const mark = newMark();
  const file = `${world.folder}/${mark}`;
  const deaf = `[[bash:trap '' TERM; echo $$ >> ${file}; test -e ${file}.go || sleep 300; test -e ${file}.go || sleep 300]]`;
  const task = await submit(world, `[[task:${mark}]] ${deaf} [[say:done]]`);
  const pids = await pidsIn(file);
  await writeFile(`${file}.go`, "");
  await killServer();
  await ended(world, task);
  await expectGone(pids);
});

test("an ask of a killed server is gone, and the task that waited for it asks again", async () => {
  const task = await submit(world, `[[task:${newMark()}]] [[ask:echo asked]] [[say:done]]`);
  const before = await oneAsk(world, task);
  await killServer();
  const again = await eventually(async () => {
    const ask = await oneAsk(world, task);
    expect(ask.id).not.toBe(before.id);
    return ask;
  });
  await world.client.call("answer_ask", { askId: again.id, answer: { kind: "allow", scope: "once" } });
  expect((await ended(world, task)).attempts).toMatchObject([{ outcome: "lost" }, { outcome: "succeeded" }]);
});

test("a task that is queued when its server is killed loses no attempt", async () => {
  const { pid } = await instanceIn(world, "ready");
  process.kill(pid ?? 0, "SIGKILL");
  const task = await submit(world, "[[say:done]]");
  expect((await ended(world, task)).text).toBe("done");
});

test("a restart that a person asks for costs a running task no attempt", async () => {
  const file = `${world.folder}/${newMark()}`;
  const task = await submit(world, `[[bash:echo $$ >> ${file}]] ${waitsFor(`${file}.go`)} [[say:done]]`, { attemptsMax: 1 });
  await pidsIn(file);
  await world.client.call("restart_instance", { instanceId: (await instanceIn(world, "ready")).id });
  await writeFile(`${file}.go`, "");
  const end = await ended(world, task);
  expect(end.attempts.map(({ outcome }) => outcome)).toEqual(["lost", "succeeded"]);
});

async function pidsIn(file: string): Promise<readonly number[]> {
  return eventually(async () => {
    const pids = (await readFile(file, "utf8")).split("\n").filter(Boolean).map(Number);
    expect(first(pids)).toBeGreaterThan(0);
    return pids;
  });
}
