import type { Directive } from "./directives";
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

interface Retry {
  readonly status: JsonObject;
  readonly delayMs: number;
}

/**
 * The waits that one `[[status:…]]` costs, in order; raises `ProviderFailure` for a code that is not retried, and after five
 * retries (seen). `Retry-After` replaces the doubling delay, without a cap (seen).
 */
export function* retryStatuses(directive: Extract<Directive, { kind: "status" }>, retryMs: number): Generator<Retry> {
  const { code, times, retryAfterMs } = directive;
  const message = `fake error ${code}`;
  const retryable = code === 429 || code >= 500;
  for (let attempt = 1; attempt <= times; attempt += 1) {
    if (!retryable || attempt > retriesMax) throw new ProviderFailure(apiError(code, message, retryable));
    const delayMs = retryAfterMs ?? retryMs * 2 ** (attempt - 1);
    yield { status: { type: "retry", attempt, message, next: Date.now() + delayMs }, delayMs };
  }
}

function apiError(statusCode: number, message: string, isRetryable: boolean): JsonObject {
  const responseBody = JSON.stringify({ error: { message, code: String(statusCode) } });
  return { name: "APIError", data: { message, statusCode, isRetryable, responseHeaders: {}, responseBody } };
}
