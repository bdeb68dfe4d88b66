import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startApi } from "../../bridge/api/api";
import { type Door, openDoor } from "../../bridge/api/door";
import { createClient } from "../../bridge/cli/client";
import { OctoError } from "../../bridge/octo-error";
import { limits, protocolVersion, routes } from "../../shared/protocol";
import { scriptedService } from "../fakes/scripted-service";
import { eventually } from "../helpers/eventually";
import { tempFolder } from "../helpers/temp-folder";
import { bareConnection, rpc, send } from "./socket-client";

const hello = { protocol: protocolVersion, bridge: { version: "1.2.3", pid: 4_711, startedAtEpochMs: 1 } };

interface ClosedDoor extends AsyncDisposable {
  readonly door: Door;
  readonly socketPath: string;
  /** The bridge has come up. */
  open(): void;
}

async function closedDoor(waitTimeMaxMs = 10_000): Promise<ClosedDoor> {
  const folder = await tempFolder();
  const socketPath = `${folder.path}/bridge.sock`;
  const door = await openDoor({ socketPath, hello: () => hello, waitTimeMaxMs });
  return {
    door,
    socketPath,
    open: () => void startApi({ service: scriptedService(), door, stopGraceMs: 200 }),
    async [Symbol.asyncDispose]() {
      await door.close(0);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Settles when the server holds so many connections. */
const reached = (door: Door, connections: number) => eventually(() => expect(door.connections.size).toBe(connections));

test("a bridge that starts says so at once, and no longer once it is open", async () => {
  await using bridge = await closedDoor();
  expect((await send(bridge.socketPath, routes.hello)).body).toEqual({ ...hello, starting: true });
  bridge.open();
  expect((await send(bridge.socketPath, routes.hello)).body).not.toHaveProperty("starting");
});

test("calls, polls and streams made meanwhile wait, and are answered when it is open", async () => {
  await using bridge = await closedDoor();
  const call = rpc(bridge.socketPath, "list_asks", {});
  const poll = send(bridge.socketPath, routes.poll);
  const stream = new WebSocket(`ws+unix://${bridge.socketPath}:${routes.stream}`);
  const message = once(stream, "message");
  await reached(bridge.door, 3);
  bridge.open();
  expect((await call).status).toBe(200);
  expect((await poll).status).toBe(200);
  await message;
  stream.terminate();
});

test("whoever waits at a bridge that cannot start is told why, and so is who comes after", async () => {
  await using bridge = await closedDoor();
  const call = rpc(bridge.socketPath, "list_asks", {});
  const stream = new WebSocket(`ws+unix://${bridge.socketPath}:${routes.stream}`);
  const refused = new Promise((resolve) => stream.once("unexpected-response", (_, { statusCode }) => resolve(statusCode)));
  stream.on("error", () => undefined);
  await reached(bridge.door, 2);
  bridge.door.refuse(new OctoError("STORE_NEWER", "a newer octo wrote it"));
  expect((await call).body).toMatchObject({ ok: false, error: { code: "STORE_NEWER" } });
  expect(await refused).toBe(400);
  expect((await send(bridge.socketPath, routes.hello)).body).toMatchObject({ ok: false, error: { code: "STORE_NEWER" } });
  await expect(createClient(bridge.socketPath).hello()).rejects.toMatchObject({ code: "STORE_NEWER" });
});

test("nobody waits for ever", async () => {
  await using bridge = await closedDoor(20);
  expect((await rpc(bridge.socketPath, "list_asks", {})).body).toMatchObject({ ok: false, error: { code: "BRIDGE_TIMEOUT" } });
});

test("one connection cannot make more requests wait than there may be connections", async () => {
  await using bridge = await closedDoor();
  const crowd = await crowdedConnection(bridge);
  crowd.socket.destroy();
  expect(await crowd.ended).toBe("");
});

test("what a connection that has died asked for keeps no place", async () => {
  await using bridge = await closedDoor();
  const first = await crowdedConnection(bridge);
  first.socket.destroy();
  await reached(bridge.door, 0);
  const second = await crowdedConnection(bridge);
  second.socket.destroy();
  await reached(bridge.door, 0);
  const waiting = [1, 2, 3].map(() => send(bridge.socketPath, routes.poll));
  await reached(bridge.door, 3);
  bridge.open();
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

/** Settles when no more requests may wait than this connection has sent. */
async function crowdedConnection({ socketPath }: ClosedDoor): ReturnType<typeof bareConnection> {
  const connection = await bareConnection(socketPath);
  connection.socket.write(`GET ${routes.poll} HTTP/1.1\r\nhost: bridge\r\n\r\n`.repeat(limits.connectionsMax + 1));
  await eventually(async () => {
    const answer = await send(socketPath, routes.poll, { signal: AbortSignal.timeout(500) });
    expect(answer.body).toMatchObject({ error: { code: "RATE_LIMITED" } });
  });
  return connection;
}

test("what a browser's page sends waits for those who refuse it, hello too", async () => {
  await using bridge = await closedDoor();
  const page = send(bridge.socketPath, routes.hello, { headers: { origin: "http://example.org" } });
  await reached(bridge.door, 1);
  bridge.open();
  expect((await page).body).toMatchObject({ error: { code: "REQUEST_INVALID" } });
});

test("octo takes no bridge for running before it is open, but knows who starts there", async () => {
  await using bridge = await closedDoor();
  const client = createClient(bridge.socketPath);
  expect(await client.hello({ anyProtocol: true })).toMatchObject({ bridge: { pid: 4_711 }, starting: true });
  await expect(client.hello({ timeoutMs: 30 })).rejects.toMatchObject({ code: "BRIDGE_TIMEOUT" });
  const waiting = client.hello();
  bridge.open();
  expect(await waiting).not.toHaveProperty("starting");
});

test("a door that closes leaves no socket", async () => {
  await using bridge = await closedDoor();
  await Promise.all([bridge.door.close(), bridge.door.close()]);
  expect(existsSync(bridge.socketPath)).toBe(false);
});
