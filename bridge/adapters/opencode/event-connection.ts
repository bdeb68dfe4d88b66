import type { Pool } from "undici";
import type { ErrorInfo } from "../../../shared/errors";
import { OctoError, toErrorInfo } from "../../octo-error";
import type { Endpoint } from "../../ports/opencode";
import { EventFrames } from "./event-frames";
import { basicAuthorization, reasonOf } from "./http";
import { loadUndici } from "./load-undici";

export interface ConnectionLimits {
  /** Until the first event. */
  readonly openMs: number;
  /** Between two chunks from then on. */
  readonly silentMs: number;
}

/** One connection to `/global/event`, from its request to its end. */
export class EventConnection {
  readonly #endpoint: Endpoint;
  readonly #limits: ConnectionLimits;
  readonly #abort = new AbortController();

  constructor(endpoint: Endpoint, limits: ConnectionLimits) {
    this.#endpoint = endpoint;
    this.#limits = limits;
  }

  /**
   * Gives the data of each chunk's frames to `deliver`, waits for it, and settles with why the stream ended: INSTANCE_UNRESPONSIVE
   * (broken, or silent for too long), OPENCODE_UNAUTHORISED, OPENCODE_ANSWER_INVALID. What `deliver` raises is not caught.
   */
  async read(deliver: (frames: readonly string[]) => Promise<void>): Promise<ErrorInfo> {
    const undici = await loadUndici();
    const pool = new undici.Pool(this.#endpoint.url, { connections: 1 });
    // Heartbeats come every 10 s (seen): a stream without them is dead even while its socket is open.
    const opening = this.#abortAfter(this.#limits.openMs);
    let silence: NodeJS.Timeout | undefined;
    try {
      const chunks = await this.#open(pool);
      if ("code" in chunks) return chunks;
      const iterator = chunks[Symbol.asyncIterator]();
      const frames = new EventFrames();
      for (;;) {
        const next = await this.#next(iterator, frames);
        if ("code" in next) return next;
        if (next.length === 0) continue;
        clearTimeout(opening);
        silence = silence?.refresh() ?? this.#abortAfter(this.#limits.silentMs);
        await deliver(next);
      }
    } finally {
      clearTimeout(opening);
      clearTimeout(silence);
      this.close();
      await pool.destroy();
    }
  }

  close(): void {
    this.#abort.abort(new OctoError("INSTANCE_UNRESPONSIVE", "the event stream was closed by octo"));
  }

  #abortAfter(silentMs: number): NodeJS.Timeout {
    const abort = () => this.#abort.abort(new OctoError("INSTANCE_UNRESPONSIVE", `the event stream was silent for ${silentMs} ms`));
    return setTimeout(abort, silentMs);
  }

  async #open(pool: Pool): Promise<AsyncIterable<Uint8Array> | ErrorInfo> {
    try {
      const response = await pool.request({
        method: "GET",
        path: "/global/event",
        headers: { authorization: basicAuthorization(this.#endpoint), accept: "text/event-stream" },
        signal: this.#abort.signal,
        headersTimeout: this.#limits.openMs,
        bodyTimeout: 0,
      });
      const contentType = String(response.headers["content-type"] ?? "");
      if (response.statusCode === 200 && contentType.startsWith("text/event-stream")) return response.body;
      response.body.on("error", () => undefined).destroy();
      if (response.statusCode === 401) return { code: "OPENCODE_UNAUTHORISED", message: "GET /global/event was refused: 401" };
      return { code: "OPENCODE_ANSWER_INVALID", message: `GET /global/event answered ${response.statusCode} ${contentType}` };
    } catch (error) {
      return this.#why(error);
    }
  }

  async #next(iterator: AsyncIterator<Uint8Array>, frames: EventFrames): Promise<readonly string[] | ErrorInfo> {
    try {
      const chunk = await iterator.next();
      if (chunk.done === true) return { code: "INSTANCE_UNRESPONSIVE", message: "the server ended the event stream" };
      return frames.feed(chunk.value);
    } catch (error) {
      return this.#why(error);
    }
  }

  #why(error: unknown): ErrorInfo {
    if (this.#abort.signal.aborted) return toErrorInfo(this.#abort.signal.reason);
    if (error instanceof OctoError) return error.info;
    return { code: "INSTANCE_UNRESPONSIVE", message: `the event stream broke: ${reasonOf(error)}` };
  }
}
