import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { TaskId } from "../../shared/ids";
import type { OutputEntry, StreamMessage } from "../../shared/stream";
import { OctoError } from "../octo-error";
import type { BridgeService } from "../runtime/service";
import { type ApiLog, refusal } from "./answer";
import { watchBacklog } from "./backlog";
import type { StreamQuery } from "./query";
import { StreamFeed } from "./stream-feed";
import { sendLines } from "./stream-lines";
import { createWatched } from "./stream-watched";
import type { TotalBacklog } from "./total-backlog";

/** WebSocket close codes; 4000 and up are ours (RFC 6455 7.4.2). The reason is `CODE: message`. */
const closeCodes = {
  /** The bridge stops. */
  goingAway: 1001,
  /** Clients send nothing on a stream, but what a stream with `lines` takes. */
  unexpectedMessage: 1008,
  /** What the stream was opened for is not there. */
  refused: 4000,
  /** CLIENT_TOO_SLOW. */
  tooSlow: 4008,
} as const;

/** A close frame's payload holds 125 bytes, two of them the code. */
const reasonBytesMax = 123;
/** How long a peer gets to answer a close frame before its socket is cut. */
const closeGraceMs = 1_000;

export interface StreamOptions {
  /** A peer that answers no ping for two of these is cut off. */
  readonly pingIntervalMs: number;
  /** And one that takes nothing of what waits for it for so long. */
  readonly stallTimeMaxMs: number;
  /** Called for each that was cut off for being slow. */
  readonly slow: () => void;
  readonly total: TotalBacklog;
}

/** The WebSockets that get the snapshot and then every change. */
export interface Streams {
  /** BRIDGE_STOPPING after `stop`. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, query: StreamQuery): void;
  /** Closes all with 1001; settles when they are gone. */
  stop(): Promise<void>;
}

export function createStreams(service: BridgeService, log: ApiLog, options: StreamOptions): Streams {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1_024, perMessageDeflate: false });
  const open = new Set<WebSocket>();
  const feed = new StreamFeed(service);
  let stopping = false;

  function serve(socket: WebSocket, { output, lines }: StreamQuery): void {
    const releases: (() => void)[] = [keepAlive(socket, options.pingIntervalMs)];
    const release = (): void => {
      for (const each of releases.splice(0).reverse()) each();
    };
    const end = (code: number, reason: string): void => {
      release();
      closeWithin(socket, code, reason);
    };
    open.add(socket);
    socket.on("close", () => {
      release();
      open.delete(socket);
    });
    socket.on("error", (err) => log.warn({ err }, "a stream broke"));
    const cutOff = (bufferedBytes: number): void => {
      options.slow();
      log.warn({ bufferedBytes }, "a stream's client is too slow and was cut off");
      end(closeCodes.tooSlow, "CLIENT_TOO_SLOW: reconnect and start from a new snapshot");
    };
    const backlog = watchBacklog(socket, options.stallTimeMaxMs, cutOff);
    /** Until the client has taken them. */
    const waiting = new Set<Buffer>();
    const cutOffNow = (): void => cutOff(socket.bufferedAmount);
    releases.push(() => backlog.stop(), options.total.watch({ waitingBytes: () => 0, waitingFrames: () => waiting, cutOff: cutOffNow }));
    const sendFrame = (frame: Buffer, isSnapshot = false): void => {
      if (socket.readyState !== socket.OPEN) return;
      waiting.add(frame);
      socket.send(frame, { binary: false }, () => waiting.delete(frame));
      backlog.sent(frame.byteLength, isSnapshot);
      if (socket.bufferedAmount > 0) options.total.grew();
    };
    const send = (message: StreamMessage): void => {
      feed.catchUp();
      sendFrame(Buffer.from(JSON.stringify(message)));
    };
    const watched = lines ? createWatched(service, send) : undefined;
    socket.on("message", (data) => {
      if (!watched?.take(String(data))) end(closeCodes.unexpectedMessage, "a stream takes no such message");
    });
    try {
      releases.push(...subscribe(service, feed, { output, send, sendFrame }));
      if (watched) releases.push(watched.end, sendLines(service, send));
      // Already ended by the snapshot or tail it could not take: nothing may stay subscribed.
      if (socket.readyState !== socket.OPEN) release();
    } catch (thrown) {
      const { code, message } = refusal(thrown, log).error;
      end(closeCodes.refused, `${code}: ${message}`);
    }
  }

  return {
    accept(request, socket, head, query) {
      if (stopping) throw new OctoError("BRIDGE_STOPPING", "the bridge is stopping");
      server.handleUpgrade(request, socket, head, (client) => serve(client, query));
    },
    async stop() {
      stopping = true;
      const gone = [...open].map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
      for (const socket of open) closeWithin(socket, closeCodes.goingAway, "BRIDGE_STOPPING: the bridge is stopping");
      await Promise.all(gone);
    },
  };
}

/** Snapshot and tail first, then what happens from there on, in order. */
function subscribe(service: BridgeService, feed: StreamFeed, { output, send, sendFrame }: Subscriber): (() => void)[] {
  const { snapshot, leave } = feed.join((frame) => sendFrame(frame));
  const releases = [leave];
  if (output === undefined) {
    sendFrame(snapshot, true);
    return releases;
  }
  const tell = (entry: OutputEntry): void => send({ kind: "output", taskId: output, entry });
  let early: OutputEntry[] | undefined = [];
  try {
    const said = service.subscribeOutput(output, (entry) => (early ? early.push(entry) : tell(entry)));
    releases.push(said.unsubscribe);
    const pending = [...said.tail, ...early];
    early = undefined;
    sendFrame(snapshot, true);
    for (const entry of pending) tell(entry);
    return releases;
  } catch (thrown) {
    leave();
    throw thrown;
  }
}

interface Subscriber {
  readonly output: TaskId | undefined;
  readonly send: (message: StreamMessage) => void;
  readonly sendFrame: (frame: Buffer, isSnapshot?: boolean) => void;
}

/** Pings; cuts off a peer that is no longer there. Returns what stops it. */
function keepAlive(socket: WebSocket, intervalMs: number): () => void {
  let unanswered = 0;
  socket.on("pong", () => {
    unanswered = 0;
  });
  const timer = setInterval(() => {
    if (unanswered >= 2) return socket.terminate();
    unanswered += 1;
    socket.ping();
  }, intervalMs);
  return () => clearInterval(timer);
}

function closeWithin(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, cutToBytes(reason, reasonBytesMax));
  const timer = setTimeout(() => socket.terminate(), closeGraceMs);
  socket.once("close", () => clearTimeout(timer));
}

function cutToBytes(text: string, bytesMax: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > bytesMax) cut = cut.slice(0, -1);
  // Half of a surrogate pair would make the frame invalid.
  return cut.replace(/[\uD800-\uDBFF]$/, "");
}
