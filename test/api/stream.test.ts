import { expect, test } from "vitest";
import { limits } from "../../shared/protocol";
import { sampleTask, taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import { stream, testApi } from "./socket-client";

test("a stream brings the snapshot, then every change in order", async () => {
  await using bridge = await testApi();
  bridge.service.setTask(sampleTask());
  await using client = await stream(bridge.socketPath);
  await eventually(() => expect(client.messages).toHaveLength(1));
  bridge.service.setTask(sampleTask({ id: taskId("other") }));
  bridge.service.setAsks([]);
  bridge.service.setTask(sampleTask({ state: "succeeded" }));
  await eventually(() => expect(client.messages).toHaveLength(4));
  expect(client.messages.map(({ kind }) => kind)).toEqual(["snapshot", "task", "asks", "task"]);
  expect(client.messages[0]).toMatchObject({ snapshot: { revision: 2, tasks: [{ id: "tsk_0001" }] } });
  expect(client.messages[3]).toMatchObject({ revision: 5, task: { state: "succeeded" } });
});

test("a stream tells of a thing that changes faster than a screen shows only how it is by then", async () => {
  await using bridge = await testApi();
  await using client = await stream(bridge.socketPath);
  await eventually(() => expect(client.messages).toHaveLength(1));
  for (let revision = 2; revision <= 1_000; revision += 1) bridge.service.setTask(sampleTask({ text: `${revision}` }));
  await eventually(() => expect(client.messages.at(-1)).toMatchObject({ revision: 1_000, task: { text: "1000" } }));
  expect(client.messages.length).toBeLessThan(100);
});

test("a stream that joins others begins with what they were told last, and hears nothing twice", async () => {
  await using bridge = await testApi();
  await using first = await stream(bridge.socketPath);
  await eventually(() => expect(first.messages).toHaveLength(1));
  bridge.service.setTask(sampleTask({ state: "running" }));
  await using second = await stream(bridge.socketPath);
  await eventually(() => expect(second.messages).toMatchObject([{ kind: "snapshot", snapshot: { revision: 2 } }]));
  bridge.service.setTask(sampleTask({ state: "succeeded" }));
  for (const { messages } of [first, second]) await eventually(() => expect(messages.at(-1)).toMatchObject({ revision: 3 }));
  expect(second.messages).toHaveLength(2);
});

test("a stream with ?output= brings what was said before and as it is said, of that task only", async () => {
  await using bridge = await testApi();
  const [watched, other] = [taskId("a"), taskId("b")];
  bridge.service.setTask(sampleTask({ id: watched }));
  bridge.service.setTask(sampleTask({ id: other }));
  bridge.service.say(watched, { kind: "text", text: "one " });
  await using client = await stream(bridge.socketPath, `?output=${watched}`);
  await eventually(() => expect(client.messages).toHaveLength(2));
  bridge.service.say(other, { kind: "text", text: "not this" });
  bridge.service.say(watched, { kind: "tool", name: "bash", title: "npm test", status: "running" });
  await eventually(() => expect(client.messages).toHaveLength(3));
  expect(client.messages.slice(1)).toEqual([
    { kind: "output", taskId: watched, entry: { kind: "text", text: "one " } },
    { kind: "output", taskId: watched, entry: { kind: "tool", name: "bash", title: "npm test", status: "running" } },
  ]);
});

test("a stream for a task nobody knows closes with 4000 and the code", async () => {
  await using bridge = await testApi();
  await using client = await stream(bridge.socketPath, "?output=tsk_none");
  expect(await client.closed).toEqual({ code: 4000, reason: "TASK_UNKNOWN: there is no task tsk_none" });
  expect(bridge.service.listeners()).toBe(0);
});

test("a stream with a wrong query, on a wrong path or of a web page is refused before it opens", async () => {
  await using bridge = await testApi();
  await expect(stream(bridge.socketPath, "?output=x")).rejects.toThrow("400");
  await expect(stream(bridge.socketPath, "s")).rejects.toThrow("404");
  await expect(stream(bridge.socketPath, "", { origin: "http://evil.example" })).rejects.toThrow("400");
});

test("a stream that ends, by either side, leaves nothing behind", async () => {
  await using bridge = await testApi();
  bridge.service.setTask(sampleTask());
  await using client = await stream(bridge.socketPath, "?output=tsk_0001");
  await eventually(() => expect(bridge.service.listeners()).toBe(2));
  client.socket.terminate();
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});

test("a client that reads too slowly is cut off, and the others see everything", async () => {
  await using bridge = await testApi();
  await using slow = await stream(bridge.socketPath);
  await using quick = await stream(bridge.socketPath);
  await eventually(() => expect(slow.messages).toHaveLength(1));
  slow.socket.pause();
  const text = "x".repeat(64 * 1024);
  const messages = (2 * limits.clientBacklogBytesMax) / text.length;
  for (let sent = 0; sent < messages; sent += 1) {
    bridge.service.setTask(sampleTask({ text }));
    await eventually(() => expect(quick.messages).toHaveLength(sent + 2), { timeoutMs: 5_000 });
  }
  // Cut without a close frame, since it reads none: 1006.
  await eventually(() => expect(bridge.service.listeners()).toBe(1));
  slow.socket.resume();
  expect([1006, 4008]).toContain((await slow.closed).code);
  expect(quick.messages).toHaveLength(messages + 1);
});

test("a client that sends messages is cut off", async () => {
  await using bridge = await testApi();
  await using client = await stream(bridge.socketPath);
  client.socket.send("hello");
  expect((await client.closed).code).toBe(1008);
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});

test("a client that no longer answers pings is cut off", async () => {
  await using bridge = await testApi({ pingIntervalMs: 20 });
  await using client = await stream(bridge.socketPath);
  await eventually(() => expect(bridge.service.listeners()).toBe(1));
  client.socket.pause();
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});

test("a stream closes with 1001 when the bridge stops", async () => {
  await using bridge = await testApi();
  await using client = await stream(bridge.socketPath);
  await bridge.api.stop();
  expect((await client.closed).code).toBe(1001);
  expect(bridge.service.listeners()).toBe(0);
});

test("a stream with ?lines=1 brings what each task said last, those of many at once", async () => {
  await using bridge = await testApi();
  const [early, late] = [taskId("a"), taskId("b")];
  for (const id of [early, late]) bridge.service.setTask(sampleTask({ id }));
  bridge.service.say(early, { kind: "text", text: "first line\nsecond " });
  await using client = await stream(bridge.socketPath, "?lines=1");
  await eventually(() => expect(client.messages).toHaveLength(2));
  expect(client.messages[1]).toEqual({ kind: "lines", lines: [{ taskId: early, text: "second" }] });
  for (const word of ["one ", "two ", "three"]) bridge.service.say(late, { kind: "text", text: word });
  bridge.service.say(early, { kind: "tool", name: "bash", title: "npm test", status: "running" });
  await eventually(() => expect(client.messages).toHaveLength(3));
  expect(client.messages[2]).toEqual({
    kind: "lines",
    lines: [
      { taskId: late, text: "one two three" },
      { taskId: early, text: "▸ bash npm test running" },
    ],
  });
});

test("a stream with ?lines=1 watches the task that its client names, one at a time", async () => {
  await using bridge = await testApi();
  const [first, second] = [taskId("a"), taskId("b")];
  for (const id of [first, second]) bridge.service.setTask(sampleTask({ id }));
  bridge.service.say(first, { kind: "text", text: "before" });
  await using client = await stream(bridge.socketPath, "?lines=1");
  const ofOutput = () => client.messages.filter(({ kind }) => kind === "output" || kind === "output-tail");
  client.socket.send(JSON.stringify({ output: first }));
  await eventually(() => expect(ofOutput()).toHaveLength(1));
  bridge.service.say(first, { kind: "text", text: "then" });
  await eventually(() => expect(ofOutput()).toHaveLength(2));
  client.socket.send(JSON.stringify({ output: second }));
  await eventually(() => expect(ofOutput()).toHaveLength(3));
  bridge.service.say(first, { kind: "text", text: "unheard" });
  client.socket.send(JSON.stringify({ output: null }));
  await eventually(() => expect(bridge.service.listeners()).toBe(2));
  expect(ofOutput()).toEqual([
    { kind: "output-tail", taskId: first, entries: [{ kind: "text", text: "before" }] },
    { kind: "output", taskId: first, entry: { kind: "text", text: "then" } },
    { kind: "output-tail", taskId: second, entries: [] },
  ]);
  client.socket.send(JSON.stringify({ output: "everything" }));
  expect((await client.closed).code).toBe(1008);
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});
