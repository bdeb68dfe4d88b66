import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { limits, routes } from "../../shared/protocol";
import { scriptedService } from "../fakes/scripted-service";
import { eventually } from "../helpers/eventually";
import { serveApi } from "../helpers/serve-api";
import { tempFolder } from "../helpers/temp-folder";
import { bareConnection, rpc, send, testApi } from "./socket-client";

test("the socket can be opened by its user only", async () => {
  await using bridge = await testApi();
  expect(((await stat(bridge.socketPath)).mode & 0o777).toString(8)).toBe("600");
});

test("hello tells protocol and bridge", async () => {
  await using bridge = await testApi();
  expect(await send(bridge.socketPath, routes.hello)).toMatchObject({ status: 200, body: { protocol: 1, bridge: { pid: 4_711 } } });
});

test("the socket of a dead bridge is replaced", async () => {
  await using folder = await tempFolder();
  const socketPath = `${folder.path}/bridge.sock`;
  const script = `require("node:net").createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", script]), "exit");
  expect((await stat(socketPath)).isSocket()).toBe(true);
  const api = await serveApi({ service: scriptedService(), socketPath });
  expect((await send(socketPath, routes.hello)).status).toBe(200);
  await api.stop();
});

test("the socket of a living process and a file that is no socket are left alone", async () => {
  await using folder = await tempFolder();
  const socketPath = `${folder.path}/bridge.sock`;
  const other = createServer((_, response) => response.end("{}")).listen(socketPath);
  await once(other, "listening");
  const start = () => serveApi({ service: scriptedService(), socketPath });
  await expect(start()).rejects.toMatchObject({ code: "BRIDGE_START_FAILED", message: expect.stringContaining("another bridge") });
  expect((await send(socketPath, "/")).status).toBe(200);
  await new Promise((resolve) => other.close(resolve));
  await writeFile(socketPath, "precious");
  await expect(start()).rejects.toMatchObject({ code: "BRIDGE_START_FAILED", message: expect.stringContaining("no socket") });
});

test("a path too long for a socket is refused by name", async () => {
  const socketPath = `/tmp/${"x".repeat(100)}`;
  await expect(serveApi({ service: scriptedService(), socketPath })).rejects.toMatchObject({ code: "SOCKET_PATH_TOO_LONG" });
});

test("stop can be called twice, removes the socket and lets a running call end", async () => {
  await using bridge = await testApi({ stopGraceMs: 5_000 });
  let finish = (): void => undefined;
  bridge.service.script({
    list_asks: () =>
      new Promise((resolve) => {
        finish = () => resolve({ asks: [] });
      }),
  });
  const answer = rpc(bridge.socketPath, "list_asks", {});
  await eventually(() => expect(bridge.service.received).toHaveLength(1));
  const stops = [bridge.api.stop(), bridge.api.stop()];
  await expect(bareConnection(bridge.socketPath)).rejects.toThrow();
  finish();
  expect((await answer).body).toEqual({ ok: true, result: { asks: [] } });
  await Promise.all(stops);
  await expect(stat(bridge.socketPath)).rejects.toThrow("ENOENT");
});

test("stop cuts a call that does not end", async () => {
  await using bridge = await testApi({ stopGraceMs: 30 });
  bridge.service.script({ list_asks: () => new Promise(() => undefined) });
  const answer = rpc(bridge.socketPath, "list_asks", {});
  const failure = expect(answer).rejects.toThrow();
  await eventually(() => expect(bridge.service.received).toHaveLength(1));
  await bridge.api.stop();
  await failure;
});

test("a new request on a connection with one under way is refused while the bridge stops", async () => {
  await using bridge = await testApi({ stopGraceMs: 5_000 });
  let finish = (): void => undefined;
  bridge.service.script({
    list_asks: () =>
      new Promise((resolve) => {
        finish = () => resolve({ asks: [] });
      }),
  });
  const { socket, ended } = await bareConnection(bridge.socketPath);
  const post = (method: string): void => {
    const body = JSON.stringify({ protocol: 1, method });
    socket.write(`POST ${routes.rpc} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  };
  post("list_asks");
  await eventually(() => expect(bridge.service.received).toHaveLength(1));
  const stopped = bridge.api.stop();
  post("list_opencode_servers");
  // Client and server share this process: some turns of its loop bring the bytes over.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  finish();
  await stopped;
  expect(await ended).toMatch(/"asks":\[\][\s\S]*BRIDGE_STOPPING/);
  expect(bridge.service.received).toHaveLength(1);
});

test("a client that sends nothing, or half a request, is cut off", async () => {
  await using bridge = await testApi({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
  const quiet = await bareConnection(bridge.socketPath);
  const halfHead = await bareConnection(bridge.socketPath);
  halfHead.socket.write("POST /v1/rpc HT");
  const halfBody = await bareConnection(bridge.socketPath);
  halfBody.socket.write("POST /v1/rpc HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
  await quiet.ended;
  expect(await halfHead.ended).toContain("REQUEST_INVALID");
  expect(await halfBody.ended).toContain("REQUEST_INVALID");
});

test("what is not HTTP is answered and cut off", async () => {
  await using bridge = await testApi();
  const { socket, ended } = await bareConnection(bridge.socketPath);
  socket.write("\u0016\u0003\u0001 not http\r\n\r\n");
  expect(await ended).toContain("REQUEST_INVALID");
});

test("a connection over the limit is told so, and those within it go on", async () => {
  await using bridge = await testApi({ connectionsMax: 2 });
  const kept = [await bareConnection(bridge.socketPath), await bareConnection(bridge.socketPath)];
  expect(await send(bridge.socketPath, routes.hello)).toMatchObject({
    status: 503,
    body: { ok: false, error: { code: "CONNECTION_LIMIT", message: expect.stringContaining("2 connections"), retryable: true } },
  });
  kept[0]?.socket.write(`GET ${routes.hello} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  expect(await kept[0]?.ended).toContain("200 OK");
  await eventually(async () => expect((await send(bridge.socketPath, routes.hello)).status).toBe(200));
  for (const { socket } of kept) socket.destroy();
});

test("as many connections as there may be are served, and one more is not", async () => {
  await using bridge = await testApi();
  const kept: Awaited<ReturnType<typeof bareConnection>>[] = [];
  while (kept.length < limits.connectionsMax) {
    // Client and server share this process: more at once would wait in the system's queue, which has a limit of its own.
    kept.push(...(await Promise.all(Array.from({ length: 128 }, () => bareConnection(bridge.socketPath)))));
  }
  expect((await send(bridge.socketPath, routes.hello)).status).toBe(503);
  kept[0]?.socket.write(`GET ${routes.hello} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  expect(await kept[0]?.ended).toContain("200 OK");
  for (const { socket } of kept) socket.destroy();
  await eventually(async () => expect((await send(bridge.socketPath, routes.hello)).status).toBe(200));
});
