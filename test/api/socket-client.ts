import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { expect } from "vitest";
import { WebSocket } from "ws";
import type { Api } from "../../bridge/api/api";
import { protocolVersion, routes } from "../../shared/protocol";
import type { StreamMessage } from "../../shared/stream";
import { type ScriptedService, scriptedService } from "../fakes/scripted-service";
import { eventually } from "../helpers/eventually";
import { type ServeOptions, serveApi } from "../helpers/serve-api";
import { tempFolder } from "../helpers/temp-folder";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export interface TestApi extends AsyncDisposable {
  readonly service: ScriptedService;
  readonly api: Api;
  readonly socketPath: string;
}

/** An API over a scripted service on a socket in a temp folder. */
export async function testApi(options: Partial<ServeOptions> = {}): Promise<TestApi> {
  const folder = await tempFolder();
  const service = scriptedService();
  const socketPath = `${folder.path}/bridge.sock`;
  const api = await serveApi({ service, socketPath, stopGraceMs: 200, ...options });
  return {
    service,
    api,
    socketPath,
    async [Symbol.asyncDispose]() {
      await api.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
}

/** One request by plain node:http, nothing of octo's own client in it. */
export function send(socketPath: string, path: string, options: SendOptions = {}): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {}, body, signal } = options;
    const outgoing = request({ socketPath, path, method, headers, agent: false, ...(signal ? { signal } : {}) }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const status = incoming.statusCode ?? 0;
        resolve({ status, headers: incoming.headers, body: text === "" ? undefined : JSON.parse(text) });
      });
    });
    outgoing.on("error", reject);
    outgoing.setTimeout(10_000, () => outgoing.destroy(new Error("no answer within 10 s")));
    outgoing.end(body);
  });
}

export function rpc(socketPath: string, method: string, params: unknown, change: Record<string, unknown> = {}): Promise<HttpAnswer> {
  const body = JSON.stringify({ protocol: protocolVersion, requestId: "req-1", method, params, ...change });
  return send(socketPath, routes.rpc, { method: "POST", body });
}

export interface TestStream extends AsyncDisposable {
  readonly messages: readonly StreamMessage[];
  readonly socket: WebSocket;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** A WebSocket client; settles when it is open. */
export async function stream(socketPath: string, query = "", headers: Record<string, string> = {}): Promise<TestStream> {
  const socket = new WebSocket(`ws+unix://${socketPath}:${routes.stream}${query}`, { headers });
  const messages: StreamMessage[] = [];
  socket.on("message", (data) => messages.push(...[JSON.parse(String(data))].flat()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  return {
    messages,
    socket,
    closed,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}

export interface BareConnection {
  readonly socket: Socket;
  /** Settles with everything received once the other side has closed. */
  readonly ended: Promise<string>;
}

/** Bare bytes. Settles when connected. */
export async function bareConnection(socketPath: string): Promise<BareConnection> {
  const socket = connect(socketPath);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => undefined);
  const ended = new Promise<string>((resolve) => socket.on("close", () => resolve(Buffer.concat(chunks).toString())));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  return { socket, ended };
}

export interface UnreadAnswer extends BareConnection {
  /** Settles when the bridge has ended the connection. */
  cutOff(): Promise<void>;
}

/** A client that asks for a diff, and takes nothing of the answer. Settles when the bridge was asked. */
export async function unreadDiff({ service, socketPath }: TestApi, diff: string): Promise<UnreadAnswer> {
  service.script({ task_diff: async () => ({ diff }) });
  const before = service.received.length;
  const connection = await bareConnection(socketPath);
  const { socket } = connection;
  socket.pause();
  const body = JSON.stringify({ protocol: protocolVersion, method: "task_diff", params: { taskId: "tsk_1" } });
  socket.write(`POST ${routes.rpc} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  await eventually(() => expect(service.received.length).toBe(before + 1));
  // A paused socket hears of nothing, but it cannot write to who is gone.
  const writeToIt = (): void => {
    socket.write("\r\n");
    expect(socket.destroyed).toBe(true);
  };
  return { ...connection, cutOff: () => eventually(writeToIt) };
}
