import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { protocolVersion, routes } from "../../shared/protocol";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { fuzzSeed, tellSeed } from "./seed";

// What may come over the socket, on the built bridge: nothing of it ends the bridge or makes it grow.

const rssMaxBytes = 400 * 1024 * 1024;
let world: OctoWorld;
beforeAll(async () => {
  tellSeed();
  world = await octoWorld({ config: { api: { requestsPerSecond: 100_000 } } });
});
afterAll(() => world[Symbol.asyncDispose]());

function rssBytes(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${world.bridge().pid}/status`, "utf8"))?.[1]) * 1_024;
}

async function expectUnharmed(what: string): Promise<void> {
  await eventually(async () => expect((await world.client.hello()).bridge.pid).toBe(world.bridge().pid), { timeoutMs: 30_000 });
  expect(world.bridge().log()).not.toContain("a fault in octo");
  console.log(`${what}: RSS ${Math.round(rssBytes() / 1e6)} MB`);
  expect(rssBytes()).toBeLessThan(rssMaxBytes);
}

/** Writes each frame on a connection of its own, after the greeting, until the bridge says something, hangs up, or waits for more. */
async function write(frames: readonly (string | Uint8Array)[], greeting: string): Promise<void> {
  for (const each of frames) {
    const socket = connect(world.client.socketPath);
    const heard = new Promise<void>((resolve) => {
      socket.on("error", () => resolve()).once("close", () => resolve());
      // What comes first on a stream is its snapshot.
      socket.once(greeting === "" ? "data" : "close", () => resolve());
    });
    socket.resume();
    await flushed(socket, greeting === "" ? each : Buffer.concat([Buffer.from(greeting), Buffer.from(each)]));
    const cut = setTimeout(() => socket.destroy(), 30);
    await heard;
    clearTimeout(cut);
    socket.destroy();
  }
}

function flushed(socket: Socket, frame: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => socket.write(frame, () => resolve()));
}

async function inLanes(count: number, lane: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => lane(index)));
}

const value = fc.oneof(fc.constantFrom("tsk_1", "ins_1", "per_1", "/repo", "x", 1, true), fc.jsonValue());
const methods = ["list_tasks", "get_task", "answer_ask", "cancel_task", "task_diff", "register_gui", "check_host", "close_pane", "none"];
const fields = ["taskId", "instanceId", "askId", "answer", "name", "limit", "guiId", "paneId", "directory"];
const body = fc
  .record({
    protocol: fc.oneof(fc.constant(protocolVersion), fc.jsonValue()),
    requestId: fc.oneof(fc.uuid(), fc.jsonValue()),
    method: fc.oneof(fc.constantFrom(...methods), fc.string()),
    params: fc.oneof(fc.dictionary(fc.constantFrom(...fields), value), fc.jsonValue()),
  })
  .map((request) => JSON.stringify(request));
const path = fc.oneof(fc.constantFrom(...Object.values(routes)), fc.webPath());
const http = fc
  .tuple(fc.constantFrom("POST", "GET", "PUT", "\u0000"), path, fc.oneof(fc.constant(routes.rpc), path), body)
  .map(
    ([method, target, other, text]) =>
      `${method} ${method === "POST" ? other : target} HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
const raw = fc.uint8Array({ minLength: 1, maxLength: 300 });
const frame = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 125 })).map(([head, payload]) => {
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from([head, 0x80 | payload.length]), mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
});
const upgrade = `GET ${routes.stream} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

test("100,000 frames, HTTP and WebSocket, nearly right and quite wrong", async () => {
  const sample = <Value>(of: fc.Arbitrary<Value>, count: number, salt: number) => fc.sample(of, { numRuns: count, seed: fuzzSeed + salt });
  await inLanes(50, async (lane) => {
    await write(sample(http, 1_400, lane), "");
    await write(sample(raw, 300, lane + 100), "");
    await write(sample(frame, 300, lane + 200), upgrade);
  });
  await expectUnharmed("100,000 frames");
});

test("1,000 slow or half-open connections, and others are still answered; then a body of 64 MB", async () => {
  const openings = ["", "P", "POST /v1/rpc HTTP/1.1\r\n", "POST /v1/rpc HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{", upgrade];
  const sockets: Socket[] = [];
  for (let count = 0; count < 1_000; count += 1) {
    const socket = connect(world.client.socketPath).on("error", () => undefined);
    await new Promise((resolve) => socket.once("connect", resolve).once("error", resolve));
    socket.write(openings[count % openings.length] ?? "");
    sockets.push(socket);
  }
  await expectUnharmed("1,000 half-open connections");
  for (const socket of sockets) socket.destroy();
  const large = connect(world.client.socketPath).on("error", () => undefined);
  let answer = "";
  large.on("data", (chunk) => {
    answer += String(chunk);
  });
  const mebibyte = Buffer.alloc(1024 * 1024, "x");
  large.write(`POST /v1/rpc HTTP/1.1\r\nhost: x\r\ncontent-length: ${64 * mebibyte.length}\r\n\r\n`);
  for (let sent = 0; sent < 64; sent += 1) await flushed(large, mebibyte);
  await eventually(() => expect(answer).toContain("REQUEST_TOO_LARGE"), { timeoutMs: 30_000 });
  large.destroy();
  await expectUnharmed("a body of 64 MB");
});
