import type { Pool } from "undici";
import type { z } from "zod";
import type { ErrorCode } from "../../../shared/errors";
import { OctoError } from "../../octo-error";
import { parseJson } from "../../parse-json";
import type { Endpoint } from "../../ports/opencode";
import { cutText } from "./bounded-schemas";
import { loadUndici } from "./load-undici";
import { abortPace, defaultPace, Pacer } from "./pacer";
import { errorBodySchema } from "./schemas";

const bodyBytesMax = 16 * 1024 * 1024;
/** One more than the paces allow at once: a probe never waits for a connection. */
const connectionsMax = defaultPace.atOnceMax + abortPace.atOnceMax + 1;
const shownCharactersMax = 300;
const messageCharactersMax = 1_000;

/** An answer came, and it is not one to work with. */
export class AnswerError extends OctoError {
  readonly reason: "server-error" | "too-large" | "other";

  constructor(code: ErrorCode, message: string, reason: AnswerError["reason"] = "other") {
    super(code, message);
    this.reason = reason;
  }
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly deadlineMs: number;
  /** Whose turn it waits for: that of other work, that of other ends of turns, or nobody's. "work" when absent. */
  readonly lane?: "work" | "abort" | "probe" | undefined;
  /** What a 404 in OpenCode's own JSON means here. */
  readonly notFound?: ErrorCode | undefined;
}

export interface Page<Value> {
  readonly value: Value;
  /** Where the next older page begins. */
  readonly cursor: string | undefined;
}

interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly cursor: string | undefined;
  readonly body: string;
}

/**
 * The one place where octo asks an OpenCode server: pace, deadline (of the whole request, waiting for its turn included), login,
 * status, content type, size and shape. Unknown paths answer 200 text/html (seen), so anything but JSON is refused.
 * Raises INSTANCE_UNRESPONSIVE (no whole answer came), OPENCODE_UNAUTHORISED, OPENCODE_PROJECT_CONFIG_BROKEN, the request's
 * `notFound`, OPENCODE_ANSWER_INVALID.
 */
export class Http {
  readonly #pool: Promise<Pool>;
  readonly #authorization: string;
  readonly #pacers = { work: new Pacer(defaultPace), abort: new Pacer(abortPace) };

  constructor(endpoint: Endpoint) {
    const options = { connections: connectionsMax, pipelining: 1, keepAliveTimeout: 4_000 };
    this.#pool = loadUndici().then((undici) => new undici.Pool(endpoint.url, options));
    this.#authorization = basicAuthorization(endpoint);
  }

  /** The JSON answer, parsed. */
  async json<Value>(schema: z.ZodType<Value>, request: HttpRequest): Promise<Value> {
    return (await this.page(schema, request)).value;
  }

  async page<Value>(schema: z.ZodType<Value>, request: HttpRequest): Promise<Page<Value>> {
    const answer = await this.#send(request);
    if (answer.status !== 200) throw refusal(request, answer);
    if (!isJson(answer)) throw invalid(request, `answered ${answer.contentType || "no content type"} instead of JSON`);
    const parsed = schema.safeParse(parseJson(answer.body));
    if (parsed.success) return { value: parsed.data, cursor: answer.cursor };
    const issue = parsed.error.issues[0];
    throw invalid(request, `answered an unknown shape at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? ""}`);
  }

  /** For requests that answer 204. */
  async accepted(request: HttpRequest): Promise<void> {
    const answer = await this.#send(request);
    if (answer.status === 204) return;
    throw answer.status === 200 ? invalid(request, "answered 200 instead of 204") : refusal(request, answer);
  }

  /** Breaks what is under way; idempotent. */
  async close(): Promise<void> {
    const pool = await this.#pool;
    if (!pool.destroyed) await pool.destroy();
  }

  async #send(request: HttpRequest): Promise<RawAnswer> {
    const { method, deadlineMs, lane = "work" } = request;
    const hasBody = request.body !== undefined;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new Error(`none within ${deadlineMs} ms`)), deadlineMs);
    let leave = (): void => undefined;
    try {
      if (lane !== "probe") leave = await this.#pacers[lane].enter(deadline.signal);
      const response = await (await this.#pool).request({
        method,
        path: request.path,
        query: { ...request.query },
        headers: { authorization: this.#authorization, ...(hasBody ? { "content-type": "application/json" } : {}) },
        body: hasBody ? JSON.stringify(request.body) : null,
        signal: deadline.signal,
        headersTimeout: deadlineMs,
        bodyTimeout: deadlineMs,
      });
      return {
        status: response.statusCode,
        contentType: one(response.headers["content-type"]) ?? "",
        cursor: one(response.headers["x-next-cursor"]),
        body: await readText(response.body, request),
      };
    } catch (error) {
      if (error instanceof OctoError) throw error;
      throw new OctoError("INSTANCE_UNRESPONSIVE", `${named(request)} got no whole answer: ${reasonOf(error)}`, {
        cause: error,
      });
    } finally {
      leave();
      clearTimeout(timer);
    }
  }
}

export function basicAuthorization(endpoint: Endpoint): string {
  return `Basic ${Buffer.from(`opencode:${endpoint.password}`).toString("base64")}`;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

async function readText(body: AsyncIterable<Buffer>, request: HttpRequest): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop destroys the body and with it the connection: nothing more is read.
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw invalid(request, `answered more than ${bodyBytesMax} bytes`, "too-large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function refusal(request: HttpRequest, answer: RawAnswer): AnswerError {
  const { status } = answer;
  if (status === 401) return new AnswerError("OPENCODE_UNAUTHORISED", `${named(request)} was refused: 401`);
  const parsed = errorBodySchema.safeParse(isJson(answer) ? parseJson(answer.body) : undefined);
  const body = parsed.success ? parsed.data : undefined;
  const name = body?.name ?? body?._tag ?? "";
  const told = cutText(body?.data?.message ?? body?.message ?? answer.body, shownCharactersMax);
  if (status === 400 && name.startsWith("Config")) {
    return new AnswerError(
      "OPENCODE_PROJECT_CONFIG_BROKEN",
      cutText(`${body?.data?.path ?? "opencode.json"}: ${told}`, messageCharactersMax),
    );
  }
  if (status === 404 && name.endsWith("NotFoundError") && request.notFound !== undefined) {
    return new AnswerError(request.notFound, told);
  }
  return invalid(request, `answered ${status} ${name}: ${told}`, status >= 500 ? "server-error" : "other");
}

function invalid(request: HttpRequest, what: string, reason?: AnswerError["reason"]): AnswerError {
  return new AnswerError("OPENCODE_ANSWER_INVALID", cutText(`${named(request)} ${what}`, messageCharactersMax), reason);
}

function named(request: HttpRequest): string {
  return `${request.method} ${request.path}`;
}

function isJson(answer: RawAnswer): boolean {
  return /^application\/json\b/i.test(answer.contentType);
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
