import { expect, test } from "vitest";
import { TotalBacklog } from "../../bridge/api/total-backlog";
import { sampleTask } from "../fakes/samples";
import { eventually } from "../helpers/eventually";
import { stream, testApi, unreadDiff } from "./socket-client";

const mib = 1024 * 1024;

function client(bytes: number) {
  const state = { bytes, cut: false };
  const cutOff = (): void => {
    state.cut = true;
  };
  return { state, waitingBytes: () => state.bytes, cutOff };
}

test("whoever lags behind most is cut off first, and no more than it takes", async () => {
  const total = new TotalBacklog({ bytesMax: 100, graceMs: 10 });
  const [much, more, little] = [client(40), client(60), client(10)];
  for (const each of [much, more, little]) total.watch(each);
  total.grew();
  await eventually(() => expect(more.state.cut).toBe(true));
  expect([much.state.cut, little.state.cut]).toEqual([false, false]);
  expect(total.bytes()).toBe(50);
});

test("what several clients wait for is counted once, as long as one of them waits", () => {
  const total = new TotalBacklog({ bytesMax: 100, graceMs: 10 });
  const frame = Buffer.alloc(50);
  const ends = [client(1), client(2), client(4)].map((each) => total.watch({ ...each, waitingFrames: () => [frame] }));
  expect(total.bytes()).toBe(57);
  for (const end of ends.slice(1)) end();
  expect(total.bytes()).toBe(51);
  total.stop();
});

test("the last one that waits is not cut off, however much it is: a large answer arrives", async () => {
  const total = new TotalBacklog({ bytesMax: 100, graceMs: 10 });
  const [more, much, nothing] = [client(500), client(400), client(0)];
  for (const each of [more, much, nothing]) total.watch(each);
  total.grew();
  await eventually(() => expect(more.state.cut).toBe(true));
  expect([much.state.cut, nothing.state.cut]).toEqual([false, false]);
});

test("what came right after a look is looked at too, also when nothing more is sent", async () => {
  const total = new TotalBacklog({ bytesMax: 100, graceMs: 10 });
  const [late, little] = [client(10), client(1)];
  for (const each of [late, little]) total.watch(each);
  total.grew();
  late.state.bytes = 200;
  total.grew();
  await eventually(() => expect(late.state.cut).toBe(true), { timeoutMs: 1_000 });
});

test("nobody is cut off when what waits was taken in time, nor for what waited for one who is gone", async () => {
  const total = new TotalBacklog({ bytesMax: 100, graceMs: 50 });
  const [quick, gone, other] = [client(90), client(90), client(90)];
  const forget = total.watch(gone);
  total.watch(quick);
  total.grew();
  quick.state.bytes = 0;
  forget();
  total.watch(other);
  total.watch(client(1));
  // Another look comes only after the first has settled.
  await eventually(() => {
    total.grew();
    other.state.bytes += 10;
    expect(other.state.cut).toBe(true);
  });
  expect([quick.state.cut, gone.state.cut]).toEqual([false, false]);
});

test("what waits for all clients is bounded: the slowest stream and the largest unread answer go, the others stay", async () => {
  await using bridge = await testApi({ totalBacklogBytesMax: 4 * mib, backlogGraceMs: 50 });
  await using slow = await stream(bridge.socketPath);
  await using quick = await stream(bridge.socketPath);
  await eventually(() => expect([slow.messages.length, quick.messages.length]).toEqual([1, 1]));
  slow.socket.pause();
  bridge.service.setTask(sampleTask({ text: "x".repeat(3 * mib) }));
  await eventually(() => expect(quick.messages).toHaveLength(2));
  const unread = await unreadDiff(bridge, "x".repeat(3.5 * mib));
  await unread.cutOff();
  expect(bridge.service.listeners()).toBe(1);
  bridge.service.setTask(sampleTask({ text: "y".repeat(3 * mib) }));
  await eventually(() => expect(quick.messages).toHaveLength(3));
  slow.socket.resume();
  expect([1006, 4008]).toContain((await slow.closed).code);
});
