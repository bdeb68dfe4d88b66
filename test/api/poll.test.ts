import { expect, test } from "vitest";
import { routes } from "../../shared/protocol";
import { sampleTask } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import { send, testApi } from "./socket-client";

const pollPath = (since: number, waitMs: number) => `${routes.poll}?since=${since}&waitMs=${waitMs}`;

test("a poll answers at once when the client knows another revision, older or newer", async () => {
  await using bridge = await testApi();
  for (const path of [pollPath(0, 60_000), pollPath(99, 60_000), routes.poll]) {
    expect(await send(bridge.socketPath, path)).toMatchObject({ status: 200, body: { revision: 1, protocol: 1 } });
  }
});

test("a poll waits for the next change", async () => {
  await using bridge = await testApi();
  const answer = send(bridge.socketPath, pollPath(1, 60_000));
  await eventually(() => expect(bridge.service.listeners()).toBe(1));
  bridge.service.setTask(sampleTask());
  expect(await answer).toMatchObject({ body: { revision: 2, counts: { queued: 1 } } });
  expect(bridge.service.listeners()).toBe(0);
});

test("a poll answers with the same revision after its time", async () => {
  await using bridge = await testApi();
  expect(await send(bridge.socketPath, pollPath(1, 20))).toMatchObject({ body: { revision: 1 } });
  expect(bridge.service.listeners()).toBe(0);
});

test("a poll whose client goes away leaves nothing behind", async () => {
  await using bridge = await testApi();
  const leave = new AbortController();
  const answer = send(bridge.socketPath, pollPath(1, 60_000), { signal: leave.signal });
  await eventually(() => expect(bridge.service.listeners()).toBe(1));
  leave.abort();
  await expect(answer).rejects.toThrow();
  await eventually(() => expect(bridge.service.listeners()).toBe(0));
});

test("a waiting poll is told when the bridge stops", async () => {
  await using bridge = await testApi();
  const answer = send(bridge.socketPath, pollPath(1, 60_000));
  await eventually(() => expect(bridge.service.listeners()).toBe(1));
  await bridge.api.stop();
  expect(await answer).toMatchObject({ status: 503, body: { ok: false, error: { code: "BRIDGE_STOPPING" } } });
});

test.for([
  ["since=x", /query\.since/],
  ["since=1&waitMs=60001", /query\.waitMs: must be at most 60000/],
  ["since=-1", /query\.since/],
  ["since=1&since=2", /query\.since/],
  ["sinse=1", /"sinse"/],
] as const)("a poll with %s is refused", async ([query, message]) => {
  await using bridge = await testApi();
  const answer = await send(bridge.socketPath, `${routes.poll}?${query}`);
  expect(answer).toMatchObject({ status: 400, body: { error: { code: "REQUEST_INVALID", message: expect.stringMatching(message) } } });
});
