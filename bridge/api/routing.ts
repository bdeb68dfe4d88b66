import type { IncomingMessage, ServerResponse } from "node:http";
import { type HelloResult, protocolVersion, type RpcResponse, routes } from "../../shared/protocol";
import type { ApiMetrics } from "../metrics/bridge-metrics";
import { OctoError } from "../octo-error";
import type { BridgeService } from "../runtime/service";
import { type ApiLog, isFromBrowser, refusal, send, sendRefusal, sendText, statusOf } from "./answer";
import { readJson, readText } from "./body";
import { keyBytesMax, type PaneRoutes } from "./pane-routes";
import type { Polls } from "./polls";
import { parseAttachQuery, parseKeyQuery, parsePollQuery, parseScreenQuery } from "./query";
import type { RateLimit } from "./rate-limit";
import { type ParsedCall, parseCall } from "./rpc";
import type { TotalBacklog } from "./total-backlog";

export interface RoutingParts {
  readonly service: BridgeService;
  readonly polls: Polls;
  readonly panes: PaneRoutes;
  readonly log: ApiLog;
  readonly rateLimit: RateLimit;
  readonly metrics: ApiMetrics;
  /** Longest time of one call; then BRIDGE_TIMEOUT, while the call goes on behind it. */
  readonly callTimeoutMs: number;
  /** What a client gets to read an answer in: until then it lies in memory. */
  readonly answerTimeMaxMs: number;
  readonly total: TotalBacklog;
  readonly isStopping: () => boolean;
}

/** Routes that are no latency: their clients wait, draw or type. */
const waits: ReadonlyMap<string, string> = new Map([
  [routes.hello, "hello"],
  [routes.poll, "poll"],
  [routes.paneScreen, "screen"],
  [routes.paneKey, "key"],
  [routes.paneAttach, "attach"],
]);

/** Answers one plain HTTP request; never raises. */
export async function answerRequest(parts: RoutingParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (isFromBrowser(request)) throw new OctoError("REQUEST_INVALID", "requests of web pages are refused");
    parts.rateLimit.admit(request);
    if (parts.isStopping()) throw new OctoError("BRIDGE_STOPPING", "the bridge is stopping");
    await route(parts, request, response);
  } catch (thrown) {
    const answer = refusal(thrown, parts.log);
    if (answer.error.code === "RATE_LIMITED") parts.metrics.refused("rate");
    // What was not read of a refused body cannot be told from the next request.
    sendRefusal(response, statusOf(answer.error.code), answer, { close: !request.complete });
  }
}

async function route(parts: RoutingParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = urlOf(request);
  if (waits.has(pathname)) parts.metrics.waited(waits.get(pathname) ?? "");
  switch (`${request.method} ${pathname}`) {
    case `GET ${routes.hello}`: {
      const hello: HelloResult = { protocol: protocolVersion, bridge: parts.service.bridgeView() };
      return send(response, 200, hello);
    }
    case `GET ${routes.poll}`:
      return parts.polls.answer(parsePollQuery(searchParams), response);
    case `POST ${routes.rpc}`:
      return call(parts, request, response);
    case `GET ${routes.paneScreen}`:
      return parts.panes.screen(parseScreenQuery(searchParams), request, response);
    case `POST ${routes.paneKey}`:
      return parts.panes.key(parseKeyQuery(searchParams).screen, await readText(request, keyBytesMax), response);
    case `GET ${routes.paneAttach}`:
      return parts.panes.attach(parseAttachQuery(searchParams), response);
    case `GET ${routes.metrics}`:
      return sendText(response, parts.metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
    default:
      throw new OctoError("METHOD_UNKNOWN", `there is no ${request.method} ${pathname.slice(0, 100)}`);
  }
}

async function call(parts: RoutingParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAtMs = performance.now();
  const parsed = parseCall(await readJson(request));
  parts.rateLimit.charge(request, parsed.method);
  const answer = await answerOf(parts, parsed);
  const slow = (): void => parts.metrics.refused("slow");
  send(response, 200, answer, { within: { timeMaxMs: parts.answerTimeMaxMs, slow, total: parts.total } });
  parts.metrics.answered(parsed.method, answer.ok ? "ok" : answer.error.code, performance.now() - startedAtMs);
}

async function answerOf(parts: RoutingParts, parsed: ParsedCall): Promise<RpcResponse> {
  try {
    return { ok: true, result: await within(parts.callTimeoutMs, parsed.method, parsed.run(parts.service)) };
  } catch (thrown) {
    return refusal(thrown, parts.log);
  }
}

/** BRIDGE_TIMEOUT after `timeoutMs`; the same request id sent again gives the result that came late. */
async function within<Result>(timeoutMs: number, method: string, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OctoError("BRIDGE_TIMEOUT", `${method} took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([result, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** The host part is the client's choice on a unix socket and means nothing. */
export function urlOf(request: IncomingMessage): URL {
  const target = request.url ?? "/";
  if (!target.startsWith("/")) throw new OctoError("REQUEST_INVALID", "the request target must be a path");
  try {
    return new URL(`http://bridge${target}`);
  } catch (thrown) {
    throw new OctoError("REQUEST_INVALID", "the request target is no URL", { cause: thrown });
  }
}
