import { expect, test } from "vitest";
import { TokenBuckets } from "../../bridge/api/token-buckets";
import { limits, routes } from "../../shared/protocol";
import { sampleTask, taskId } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import { bareConnection, rpc, send, stream, testApi, unreadDiff } from "./socket-client";

const diff = "x".repeat(8 * 1024 * 1024);
const named = (name: string) => ({ headers: { "octo-client": name } });

test("a client that asks too often is told how long to wait, and is served after that", async () => {
  await using bridge = await testApi({ requestsPerSecond: 10 });
  const answers = await Promise.all(Array.from({ length: 60 }, () => send(bridge.socketPath, routes.hello, named("wild"))));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(50);
  const [first] = refused;
  expect(first?.body).toMatchObject({
    ok: false,
    error: {
      code: "RATE_LIMITED",
      retryable: true,
      retryAfterMs: expect.any(Number),
      message: expect.stringMatching(/^wild asks too often; wait \d+ ms/),
    },
  });
  expect(first?.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
  await eventually(async () => expect((await send(bridge.socketPath, routes.hello, named("wild"))).status).toBe(200));
});

test("a client that runs away slows down no other", async () => {
  await using bridge = await testApi({ requestsPerSecond: 10 });
  await Promise.all(Array.from({ length: 80 }, () => send(bridge.socketPath, routes.hello, named("wild"))));
  expect((await send(bridge.socketPath, routes.hello, named("calm"))).status).toBe(200);
  expect((await send(bridge.socketPath, routes.hello)).status).toBe(200);
});

test("inventing names gains nothing: all clients together have a limit too", async () => {
  await using bridge = await testApi({ requestsPerSecond: 1 });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => send(bridge.socketPath, routes.hello, named(`n${index}`))));
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(10);
});

test("lists of everything cost more than a look", async () => {
  await using bridge = await testApi({ requestsPerSecond: 4 });
  const [first, second, third] = [await list(), await list(), await list()];
  expect([first, second, third]).toEqual([200, 200, 429]);
  async function list(): Promise<number> {
    return (await rpc(bridge.socketPath, "list_tasks", {})).status;
  }
});

test("streams are counted like requests", async () => {
  await using bridge = await testApi({ requestsPerSecond: 1 });
  await using first = await stream(bridge.socketPath);
  await expect(stream(bridge.socketPath)).rejects.toThrow("429");
  expect(first.socket.readyState).toBe(first.socket.OPEN);
});

test("a bucket fills up again, never over its brim, and the oldest of too many is forgotten", () => {
  let nowMs = 0;
  const buckets = new TokenBuckets({ perSecond: 10, burstSeconds: 1, clientsMax: 2, nowMs: () => nowMs });
  const takeAll = (name: string): number => {
    let taken = 0;
    while (taken < 100 && buckets.take(name) === 0) taken += 1;
    return taken;
  };
  expect(takeAll("a")).toBe(10);
  expect(buckets.take("a")).toBe(100);
  nowMs += 100;
  expect(takeAll("a")).toBe(1);
  nowMs += 3_600_000;
  expect(takeAll("a")).toBe(10);
  buckets.charge("a", 1_000);
  expect(buckets.take("a")).toBe(1_100);
  expect([takeAll("b"), takeAll("c"), takeAll("a")]).toEqual([10, 10, 10]);
});

test("an answer that nobody reads is given up, and the others go on", async () => {
  await using bridge = await testApi({ answerTimeMaxMs: 100 });
  const unread = await unreadDiff(bridge, diff);
  expect((await rpc(bridge.socketPath, "list_asks", {})).body).toMatchObject({ ok: true });
  await unread.cutOff();
  unread.socket.resume();
  expect((await unread.ended).length).toBeLessThan(diff.length);
});

test("an answer as large as one that nobody reads reaches a client that does", async () => {
  await using bridge = await testApi();
  const unread = await unreadDiff(bridge, diff);
  expect((await rpc(bridge.socketPath, "task_diff", { taskId: "tsk_1" })).body).toEqual({ ok: true, result: { diff } });
  unread.socket.destroy();
});

test("a screen that nobody reads is given up", async () => {
  await using bridge = await testApi({ stallTimeMaxMs: 100 });
  const { id } = sampleTask({});
  bridge.service.setTask(sampleTask({ state: "running" }));
  const { socket, ended } = await bareConnection(bridge.socketPath);
  socket.pause();
  socket.write(`GET ${routes.paneScreen}?screen=s&target=${id}&columns=1000&rows=250 HTTP/1.1\r\nhost: x\r\n\r\n`);
  await eventually(() => expect(bridge.service.listeners()).toBeGreaterThan(0));
  const talk = setInterval(() => {
    for (let line = 0; line < 250; line += 1) bridge.service.say(id, { kind: "text", text: `${String(Math.random()).repeat(40)}\n` });
  }, 100);
  try {
    await eventually(() => expect(bridge.service.listeners()).toBe(0), { timeoutMs: 10_000 });
  } finally {
    clearInterval(talk);
  }
  socket.resume();
  await ended;
});

test("a screen of more cells than any terminal has is refused", async () => {
  await using bridge = await testApi();
  const answer = await send(bridge.socketPath, `${routes.paneScreen}?screen=s&target=ins_1&columns=2000&rows=2000`);
  expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(String(limits.screenCellsMax)) } } });
});

test("a snapshot larger than any backlog reaches its client", async () => {
  await using bridge = await testApi();
  bridge.service.setTask(sampleTask({ text: "x".repeat(2 * limits.clientBacklogBytesMax) }));
  await using client = await stream(bridge.socketPath);
  await eventually(() => expect(client.messages).toHaveLength(1));
  expect(client.socket.readyState).toBe(client.socket.OPEN);
});

test("a stream that takes nothing is given up long before its backlog is full", async () => {
  await using bridge = await testApi({ stallTimeMaxMs: 100 });
  await using client = await stream(bridge.socketPath);
  await eventually(() => expect(client.messages).toHaveLength(1));
  client.socket.pause();
  for (let number = 0; number < 16; number += 1)
    bridge.service.setTask(sampleTask({ id: taskId(`${number}`), text: "x".repeat(64 * 1024) }));
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});
