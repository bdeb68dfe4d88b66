import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type HelloResult, limits, routes } from "../../shared/protocol";
import { isFromBrowser, send } from "./answer";
import { type DoorHandlers, EarlyRequests } from "./early-requests";
import { listenPrivately } from "./listen";

export interface DoorOptions {
  /** In a folder that only the user can enter. */
  readonly socketPath: string;
  readonly hello: () => HelloResult;
  /** Longest time a request waits for `open`; default 20 s. */
  readonly waitTimeMaxMs?: number;
}

/**
 * The bridge's socket from the moment the bridge holds its lock. Until `open` it answers hello by itself (`starting`: true), and lets
 * everything else wait.
 */
export interface Door {
  readonly server: Server;
  /** Those that are there now. */
  readonly connections: ReadonlySet<Socket>;
  /** From now on these answer, first what waited, in its order. */
  open(handlers: DoorHandlers): void;
  /** The start failed: whoever waits, and whoever still comes, is told why. */
  refuse(thrown: unknown): void;
  /** Listens no longer, unlinks the socket; connections with a request under way get `graceMs`, idle ones nothing. Idempotent. */
  close(graceMs?: number): Promise<void>;
}

/** Listens and says hello. SOCKET_PATH_TOO_LONG, BRIDGE_START_FAILED, STATE_FOLDER_OPEN. */
export async function openDoor({ socketPath, hello, waitTimeMaxMs = 20_000 }: DoorOptions): Promise<Door> {
  const server = createServer({ connectionsCheckingInterval: 500, keepAliveTimeout: 60_000, maxHeaderSize: 16_384 });
  server.maxConnections = limits.connectionsMax;
  const connections = connectionsOf(server);
  const early = new EarlyRequests(waitTimeMaxMs);
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (asksHello(request)) send(response, 200, { ...hello(), starting: true } satisfies HelloResult);
    else early.request(request, response);
  };
  server.on("request", answer);
  server.on("upgrade", early.upgrade);
  await listenPrivately(server, socketPath);
  let closed: Promise<void> | undefined;
  const close = async (graceMs: number): Promise<void> => {
    await closeWithin(server, graceMs);
    // Closing the server unlinks it too, but not on every platform.
    await rm(socketPath, { force: true });
  };
  const takenOverBy = (handlers: DoorHandlers): void => {
    server.off("request", answer).on("request", handlers.request);
    server.off("upgrade", early.upgrade).on("upgrade", handlers.upgrade);
  };
  return {
    server,
    connections,
    open(handlers) {
      takenOverBy(handlers);
      early.pass(handlers);
    },
    refuse(thrown) {
      early.refuse(thrown);
      takenOverBy(early);
    },
    close: (graceMs = 2_000) => {
      closed ??= close(graceMs);
      return closed;
    },
  };
}

/** What a page of a browser sends waits for those who refuse it. */
function asksHello(request: IncomingMessage): boolean {
  return request.method === "GET" && request.url === routes.hello && !isFromBrowser(request);
}

function connectionsOf(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return open;
}

async function closeWithin(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
