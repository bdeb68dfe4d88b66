import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { limits, routes } from "../../shared/protocol";
import type { ApiMetrics } from "../metrics/bridge-metrics";
import { OctoError } from "../octo-error";
import type { BridgeService } from "../runtime/service";
import { type ApiLog, isFromBrowser, refusalText } from "./answer";
import { limitConnections } from "./connections";
import type { Door } from "./door";
import { createPaneRoutes } from "./pane-routes";
import { createPolls } from "./polls";
import { parseStreamQuery } from "./query";
import { createRateLimit, type RateLimit, RateLimited } from "./rate-limit";
import { answerRequest, urlOf } from "./routing";
import { createStreams, type Streams } from "./streams";
import { TotalBacklog } from "./total-backlog";

export interface ApiOptions {
  readonly service: BridgeService;
  /** Listens already; is opened, and closed at the end. */
  readonly door: Door;
  readonly log?: ApiLog;
  /** What counts and times requests; its text is served. */
  readonly metrics?: ApiMetrics;
  /** Of one client in the long run. */
  readonly requestsPerSecond?: number;
  /** Times in ms, for tests; each has a default below. */
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  readonly callTimeoutMs?: number;
  readonly pingIntervalMs?: number;
  /** What a client gets to read one answer in. */
  readonly answerTimeMaxMs?: number;
  /** Longest time in which a stream's or screen's client takes nothing of what waits for it. */
  readonly stallTimeMaxMs?: number;
  /** What may wait for all clients together, in bytes, and what they get to take of it once it is more. */
  readonly totalBacklogBytesMax?: number;
  readonly backlogGraceMs?: number;
  /** Open connections; what is over them is told so and closed. */
  readonly connectionsMax?: number;
  /** What running requests get to end in when the API stops. */
  readonly stopGraceMs?: number;
}

export interface Api {
  /** Refuses new connections, ends polls and streams, lets running requests end, unlinks the socket. Idempotent. */
  stop(): Promise<void>;
}

const nothing = (): void => undefined;
const noMetrics = { answered: nothing, waited: nothing, refused: nothing, connections: nothing, text: () => "" };
const silent: ApiLog = { warn: () => undefined, error: () => undefined };

/** Serves `service` behind the door by the routes of shared/protocol.ts. */
export function startApi(options: ApiOptions): Api {
  const { service, door, log = silent, callTimeoutMs = 120_000, stopGraceMs = 2_000, stallTimeMaxMs = 30_000 } = options;
  const polls = createPolls(service, log);
  const rateLimit = createRateLimit(options.requestsPerSecond ?? 1_000);
  const metrics = options.metrics ?? noMetrics;
  const slow = (): void => metrics.refused("slow");
  const totalBytesMax = options.totalBacklogBytesMax ?? limits.totalBacklogBytesMax;
  const total = new TotalBacklog({ bytesMax: totalBytesMax, graceMs: options.backlogGraceMs ?? 250 });
  const panes = createPaneRoutes(service, { stallTimeMaxMs, slow, total });
  const streams = createStreams(service, log, { pingIntervalMs: options.pingIntervalMs ?? 20_000, stallTimeMaxMs, slow, total });
  const { server } = door;
  server.headersTimeout = options.headersTimeoutMs ?? 10_000;
  server.requestTimeout = options.requestTimeoutMs ?? 30_000;
  // Nothing moved for longer than any answer may take: the peer is gone or does not read.
  server.timeout = Math.max(limits.pollWaitMsMax, callTimeoutMs) + 15_000;
  let stopped: Promise<void> | undefined;
  const parts = {
    service,
    polls,
    panes,
    log,
    rateLimit,
    metrics,
    total,
    callTimeoutMs,
    answerTimeMaxMs: options.answerTimeMaxMs ?? 20_000,
    isStopping: () => stopped !== undefined,
  };
  server.on("clientError", (err, socket) => {
    refuse(socket, new OctoError("REQUEST_INVALID", `this is no HTTP request or it took too long: ${err.message}`), log);
  });
  limitConnections(door, options.connectionsMax ?? limits.connectionsMax, { log, refuse, metrics });
  metrics.connections(() => door.connections.size);
  server.on("error", (err) => log.error({ err }, "the socket failed"));
  door.open({
    request: (request, response) => void answerRequest(parts, request, response),
    upgrade: (request, socket, head) => upgrade({ streams, log, rateLimit, metrics }, request, socket, head),
  });

  async function stop(): Promise<void> {
    const closed = door.close(stopGraceMs);
    polls.stop();
    panes.stop();
    await Promise.all([streams.stop(), closed]);
    total.stop();
  }
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

interface UpgradeParts {
  readonly streams: Streams;
  readonly log: ApiLog;
  readonly rateLimit: RateLimit;
  readonly metrics: ApiMetrics;
}

function upgrade({ streams, log, rateLimit, metrics }: UpgradeParts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  // Until `ws` owns the socket nobody else would hear of its death.
  const ignore = (): void => undefined;
  socket.on("error", ignore);
  try {
    if (isFromBrowser(request)) throw new OctoError("REQUEST_INVALID", "requests of web pages are refused");
    rateLimit.admit(request);
    rateLimit.charge(request, "stream");
    const url = urlOf(request);
    if (url.pathname !== routes.stream) throw new OctoError("METHOD_UNKNOWN", `there is no stream ${url.pathname.slice(0, 100)}`);
    streams.accept(request, socket, head, parseStreamQuery(url.searchParams));
    metrics.waited("stream");
  } catch (thrown) {
    if (thrown instanceof RateLimited) metrics.refused("rate");
    refuse(socket, thrown, log);
  }
}

function refuse(socket: Duplex, thrown: unknown, log: ApiLog): void {
  if (!socket.writable) return void socket.destroy();
  socket.end(refusalText(thrown, log), () => socket.destroy());
}
