import type { Directive } from "../../../bridge/demo/stand-in/directives";
import type { JsonObject } from "./json";

const retriesMax = 5;

/** The provider's last word: an error that OpenCode does not retry (any more). */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
  readonly error: JsonObject;

  constructor(error: JsonObject) {
    super("the provider failed");
    this.error = error;
  }
}

export interface Retry {
  readonly status: JsonObject;
  readonly delayMs: number;
}

/**
 * The waits that one `[[status:…]]` costs, in order; raises `ProviderFailure` for a code that is not retried, and after five
 * retries (seen). `Retry-After` replaces the doubling delay, without a cap (seen).
 */
export function* retryStatuses(directive: Extract<Directive, { kind: "status" }>, retryMs: number): Generator<Retry> {
  const { code, times, retryAfterS } = directive;
  const message = `The stand-in was told to fail with ${code}.`;
  const retryable = code === 408 || code === 409 || code === 429 || code >= 500;
  for (let attempt = 1; attempt <= times; attempt += 1) {
    if (!retryable || attempt > retriesMax) throw new ProviderFailure(apiError(code, message, retryable));
    const delayMs = retryAfterS === undefined ? retryMs * 2 ** (attempt - 1) : retryAfterS * 1000;
    yield { status: { type: "retry", attempt, message, next: Date.now() + delayMs }, delayMs };
  }
}

/** The wait after the connection to the provider broke in the middle of an answer. */
export function cutStatus(retryMs: number): Retry {
  return { status: { type: "retry", attempt: 1, message: "Connection reset by server", next: Date.now() + retryMs }, delayMs: retryMs };
}

export function apiError(statusCode: number, message: string, isRetryable: boolean): JsonObject {
  const responseBody = JSON.stringify({ error: { message, code: String(statusCode) } });
  return { name: "APIError", data: { message, statusCode, isRetryable, responseHeaders: {}, responseBody } };
}
