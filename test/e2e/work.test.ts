import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { httpCall } from "../../bridge/cli/http-call";
import { routes } from "../../shared/protocol";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { ended, instanceIn, newMark, oneAsk, refused, spawned, submit, until, untilState, waitsFor } from "./tasks";

// What a task does for the user, on one world for all.

let world: OctoWorld;
beforeAll(async () => {
  world = await octoWorld();
  await spawned(world);
});
afterAll(() => world[Symbol.asyncDispose]());

test("a task works in a worktree on a branch of its own, and the user's folder stays as it is", async () => {
  const task = await submit(world, "[[write:sub/new.txt|new]] [[ensure:a.txt|two]] [[say:both done]]");
  const { branch, text } = await ended(world, task);
  expect({ text, files: branch?.files }).toEqual({ text: "both done", files: ["a.txt", "sub/new.txt"] });
  expect(await world.git("show", `${branch?.branch}:a.txt`)).toBe("one\ntwo");
  expect(await world.git("status", "--porcelain")).toBe("");
  const { diff } = await world.client.call("task_diff", { taskId: task.id });
  expect(diff).toContain("+two");
});

test("a subfolder of the repository is the same subfolder of the worktree", async () => {
  await mkdir(join(world.repository, "deep/down"), { recursive: true });
  const task = await submit(world, "[[write:here.txt|x]]", { directory: join(world.repository, "deep/down") });
  expect((await ended(world, task)).branch?.files).toEqual(["deep/down/here.txt"]);
});

test("in place works in the folder itself, without a branch", async () => {
  const folder = join(world.folder, "plain");
  await mkdir(folder);
  const end = await ended(world, await submit(world, "[[write:new.txt|new]]", { directory: folder, isolation: "in-place" }));
  expect(end.branch).toBeUndefined();
  expect(await readFile(join(folder, "new.txt"), "utf8")).toBe("new");
  expect(await refused(world.client.call("task_diff", { taskId: end.id }))).toMatchObject({ code: "TASK_NO_BRANCH" });
});

test("uncommitted changes are announced, and with changes they come along", async () => {
  const dirty = join(world.folder, "dirty");
  await world.git("clone", "--quiet", world.repository, dirty);
  await writeFile(join(dirty, "a.txt"), "changed\n");
  await writeFile(join(dirty, "untracked.txt"), "untracked\n");
  const params = { directory: dirty, prompt: "[[bash:cat a.txt untracked.txt > seen.txt || true]]" };
  const without = await world.client.call("distribute_task", params);
  expect(without.notices).toEqual([expect.stringContaining("2 files not included")]);
  expect(await show(dirty, without.task, "seen.txt")).toBe("one");
  const taken = await world.client.call("distribute_task", { ...params, withChanges: true });
  expect(taken.notices).toEqual([]);
  expect(await show(dirty, taken.task, "seen.txt")).toBe("changed\nuntracked");
  expect(await readFile(join(dirty, "a.txt"), "utf8")).toBe("changed\n");
});

test("reply goes on in the same session and worktree, on the same branch", async () => {
  const one = await ended(world, await submit(world, "[[write:one.txt|1]] [[say:first]]"));
  const { task } = await world.client.call("reply_task", { taskId: one.id, prompt: "[[write:two.txt|2]] [[say:second]]" });
  const two = await ended(world, task);
  expect(two).toMatchObject({ replyTo: one.id, sessionId: one.sessionId, text: "second", branch: { branch: one.branch?.branch } });
  expect(two.branch?.files).toEqual(["one.txt", "two.txt"]);
  const { entries } = await world.client.call("task_transcript", { taskId: two.id });
  expect(entries.filter(({ role }) => role === "user")).toHaveLength(2);
});

test.for([
  ["allowed once", "succeeded", { kind: "allow", scope: "once" }],
  ["denied with a word", "succeeded", { kind: "deny", message: "use another way" }],
  ["denied without a word", "failed", { kind: "deny" }],
] as const)("a task whose permission is %s has %s", async ([, state, answer]) => {
  const file = join(world.folder, newMark());
  const task = await submit(world, `[[ask:touch ${file}]] [[say:after]]`);
  const ask = await oneAsk(world, task);
  expect(ask).toMatchObject({ content: { kind: "permission", permission: "bash" }, title: expect.stringContaining("touch") });
  await world.client.call("answer_ask", { askId: ask.id, answer });
  const end = await ended(world, task, state);
  expect(existsSync(file)).toBe(answer.kind === "allow");
  if (state === "failed") expect(end.error?.code).toBe("TURN_STOPPED");
});

test("a question is answered with one of its options", async () => {
  const task = await submit(world, "[[question:Which colour?|Red|Blue]] [[say:painted]]");
  const { id } = await oneAsk(world, task);
  const wrong = world.client.call("answer_ask", { askId: id, answer: { kind: "allow", scope: "once" } });
  expect(await refused(wrong)).toMatchObject({ code: "ASK_ANSWER_INVALID" });
  await world.client.call("answer_ask", { askId: id, answer: { kind: "answers", answers: [["Blue"]] } });
  expect((await ended(world, task)).text).toBe("painted");
});

test("tasks that wait for a person hold up no other", async () => {
  const { slots } = await instanceIn(world, "ready");
  const waiting = await Promise.all(Array.from({ length: slots }, () => submit(world, "[[ask:echo asked]]")));
  for (const task of waiting) await untilState(world, task, "waiting");
  expect((await ended(world, await submit(world, "[[say:past them]]"))).text).toBe("past them");
  for (const { id } of waiting) await world.client.call("cancel_task", { taskId: id });
  for (const task of waiting) await ended(world, task, "cancelled");
});

test("a task comes after another one, and not before", async () => {
  const file = join(world.folder, newMark());
  const one = await submit(world, waitsFor(file));
  const two = await submit(world, `[[bash:test -e '${file}' && touch '${file}.in-order']]`, { after: [one.id] });
  expect(await until(world, two, () => undefined)).toMatchObject({ state: "queued", detail: expect.stringContaining(one.id) });
  await writeFile(file, "");
  await ended(world, two);
  expect(existsSync(`${file}.in-order`)).toBe(true);
});

test("a long poll answers when something changes, and not before", async () => {
  const poll = (since: number, waitMs: number) =>
    httpCall({
      socketPath: world.client.socketPath,
      method: "GET",
      path: `${routes.poll}?since=${since}&waitMs=${waitMs}`,
      timeoutMs: 15_000,
    });
  const { revision } = await world.client.call("get_status", {});
  expect(await poll(revision, 50)).toMatchObject({ revision });
  const changed = poll(revision, 10_000);
  const task = await submit(world, "[[say:done]]");
  expect(await changed).toMatchObject({ counts: { queued: expect.any(Number) } });
  expect(await changed).not.toMatchObject({ revision });
  await ended(world, task);
  expect(await poll(revision, 0)).toMatchObject({ ends: expect.arrayContaining([expect.objectContaining({ taskId: task.id })]) });
});

async function show(repository: string, task: Parameters<typeof ended>[1], file: string): Promise<string> {
  const { branch } = await ended(world, task);
  return world.git("-C", repository, "show", `${branch?.branch}:${file}`);
}
