import type { IncomingMessage, ServerResponse } from "node:http";
import { type ErrorCode, type ErrorInfo, isRetryable, nextStep } from "../../shared/errors";
import type { RpcResponse } from "../../shared/protocol";
import { toErrorInfo } from "../octo-error";
import { jsonText } from "./json-text";
import { RateLimited } from "./rate-limit";
import { cutOffSlow, type SlowReaderOptions } from "./slow-readers";

export type Refusal = Extract<RpcResponse, { readonly ok: false }>;

/** Where the API tells what it cannot tell the client. */
export interface ApiLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Takes secrets out of what clients are told of failures. */
  readonly redact?: (error: ErrorInfo) => ErrorInfo;
}

/** The one translation of anything thrown into what a client reads. Faults of octo itself are logged with their stack. */
export function refusal(thrown: unknown, log: ApiLog): Refusal {
  const info = log.redact?.(toErrorInfo(thrown)) ?? toErrorInfo(thrown);
  if (info.code === "INTERNAL") log.error({ err: thrown }, "a request failed by a fault in octo");
  return refusalOf(info, thrown instanceof RateLimited ? thrown.retryAfterMs : undefined);
}

function refusalOf(info: ErrorInfo, retryAfterMs: number | undefined): Refusal {
  const error = { ...info, next: nextStep(info), retryable: isRetryable(info) };
  return { ok: false, error: retryAfterMs === undefined ? error : { ...error, retryAfterMs } };
}

/**
 * HTTP status by the kind of trouble. A call that reached its method answers 200 even when it failed (`ok: false` says so):
 * statuses other than 200 mean that no method was called. The body has the same shape in both cases, so that a client
 * which sees bodies only (`curl -s` in WezTerm) misses nothing.
 */
export function statusOf(code: ErrorCode): number {
  switch (code) {
    case "REQUEST_TOO_LARGE":
    case "PROMPT_TOO_LARGE":
      return 413;
    case "METHOD_UNKNOWN":
      return 404;
    case "PROTOCOL_MISMATCH":
      return 409;
    case "RATE_LIMITED":
      return 429;
    case "BRIDGE_STOPPING":
    case "CONNECTION_LIMIT":
      return 503;
    case "INTERNAL":
      return 500;
    default:
      return 400;
  }
}

export interface SendOptions {
  /** Ends the connection after the answer. */
  readonly close?: boolean;
  /** How long the client may take to read it, and what to call when it took longer; for answers of any size. */
  readonly within?: SlowReaderOptions;
}

/** Sends JSON once; does nothing when the client is gone or was answered. */
export function send(response: ServerResponse, status: number, body: unknown, options: SendOptions = {}): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(jsonText(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    "cache-control": "no-store",
    ...(options.close ? { connection: "close" } : {}),
  });
  response.end(bytes);
  if (options.within) cutOffSlow(response, options.within);
}

/** Sends a refusal, with the time to wait where there is one. */
export function sendRefusal(response: ServerResponse, status: number, answer: Refusal, options: SendOptions = {}): void {
  const seconds = retryAfterSeconds(answer);
  if (seconds !== undefined && !response.headersSent) response.setHeader("retry-after", seconds);
  send(response, status, answer, options);
}

/** RFC 9110 10.2.3 knows whole seconds only; the error has the exact time. */
function retryAfterSeconds({ error }: Refusal): number | undefined {
  return error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1_000);
}

/** Sends text once, as `send` does. */
export function sendText(response: ServerResponse, text: string, type = "text/plain; charset=utf-8"): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(text);
  response.writeHead(200, { "content-type": type, "content-length": bytes.length, "cache-control": "no-store" });
  response.end(bytes);
}

/** A browser adds `Origin` to what pages send; no client of ours does. Refused in case somebody forwards the socket to a port. */
export function isFromBrowser(request: IncomingMessage): boolean {
  return request.headers.origin !== undefined;
}

/** A refusal for who cannot be answered by a response (a refused stream, what is not HTTP): the whole answer as text. */
export function refusalText(thrown: unknown, log: ApiLog): string {
  const answer = refusal(thrown, log);
  const body = jsonText(answer);
  const seconds = retryAfterSeconds(answer);
  const head = [
    `HTTP/1.1 ${statusOf(toErrorInfo(thrown).code)} Refused`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
    ...(seconds === undefined ? [] : [`retry-after: ${seconds}`]),
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
