import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { oneTurnPromises } from "./one-turn-promises";
import { ended, instanceIn, newMark, oneAsk, spawned, submit, until, waitsFor } from "./tasks";

// The promises of the fake, on the real OpenCode with the stand-in as its model: one server for all.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld({ proxied: true, openCode: realOpenCode });
  await spawned(world);
});
afterAll(() => world[Symbol.asyncDispose]());

describe("one turn a prompt", () => oneTurnPromises(() => world));

test("asks of a child session are listed, found again by the next bridge, and answered", async () => {
  const mark = newMark();
  const task = await submit(world, `[[task:${mark}]] [[child:[[task:${mark}-child]] [[ask:echo asked]]]] [[say:done]]`);
  const { id } = await oneAsk(world, task);
  await world.startBridge();
  expect((await oneAsk(world, task)).id).toBe(id);
  await world.client.call("answer_ask", { askId: id, answer: { kind: "allow", scope: "once" } });
  expect(await ended(world, task)).toMatchObject({ text: "done", attempts: [{ outcome: "succeeded" }] });
  expect([await world.openCode.turns(mark), await world.openCode.turns(`${mark}-child`)]).toEqual([1, 1]);
});

test("cancel ends the turn and keeps what it has done", async () => {
  const file = join(world.folder, newMark());
  const task = await submit(world, `[[write:half.txt|half]] ${waitsFor(file)} [[say:never]]`);
  await until(world, task, ({ detail }) => expect(detail).toBe("works"));
  await until(world, task, ({ usage }) => expect(usage.tokensOut).toBeGreaterThan(0));
  await world.client.call("cancel_task", { taskId: task.id });
  const end = await ended(world, task, "cancelled");
  expect(end).toMatchObject({ attempts: [{ outcome: "aborted" }], branch: { files: ["half.txt"] } });
});

test.for([
  ["model", { model: "standin/nothing" }, "MODEL_UNKNOWN"],
  ["agent", { agent: "nobody" }, "AGENT_UNKNOWN"],
] as const)("an unknown %s fails the task at once", async ([, params, code]) => {
  const end = await ended(world, await submit(world, "[[say:never]]", params), "failed");
  expect(end.error?.code).toBe(code);
  expect(end.attempts).toHaveLength(1);
});

test("a broken opencode.json of a project fails its task and no other", async () => {
  const directory = join(world.folder, "broken");
  await world.git("clone", "--quiet", world.repository, directory);
  await writeFile(join(directory, "opencode.json"), "{ no json");
  const broken = await submit(world, "[[say:never]]", { directory, withChanges: true });
  const other = await submit(world, "[[say:fine]]");
  expect((await ended(world, broken, "failed")).error).toMatchObject({ code: "OPENCODE_PROJECT_CONFIG_BROKEN" });
  expect((await ended(world, other)).text).toBe("fine");
});

test("reply goes on in the session", async () => {
  const one = await ended(world, await submit(world, "[[write:one.txt|1]] [[say:first]]"));
  const { task } = await world.client.call("reply_task", { taskId: one.id, prompt: "[[write:two.txt|2]] [[say:second]]" });
  expect(await ended(world, task)).toMatchObject({ sessionId: one.sessionId, text: "second", branch: { files: ["one.txt", "two.txt"] } });
});

test("a server that is killed in the middle loses the attempt, and the task goes on in its session", async () => {
  const mark = newMark();
  const file = join(world.folder, mark);
  const task = await submit(world, `[[task:${mark}]] [[ensure:list.txt|entry]] ${waitsFor(file)} [[say:done]]`);
  await until(world, task, ({ usage }) => expect(usage.tokensOut).toBeGreaterThan(0));
  const { pid } = await instanceIn(world, "ready");
  process.kill(pid ?? 0, "SIGKILL");
  await writeFile(file, "");
  const end = await ended(world, task);
  expect(end.attempts.map(({ outcome }) => outcome)).toEqual(["lost", "succeeded"]);
  expect(end.attempts[1]?.sessionId).toBe(end.attempts[0]?.sessionId);
  expect(await world.git("show", `${end.branch?.branch}:list.txt`)).toBe("entry");
  expect(await world.openCode.turns(mark)).toBe(2);
});
