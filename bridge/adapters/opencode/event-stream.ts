import { setTimeout as sleep } from "node:timers/promises";
import type { ErrorInfo } from "../../../shared/errors";
import { OctoError } from "../../octo-error";
import type { Endpoint, EventStream, StreamHandlers } from "../../ports/opencode";
import { Deadline } from "./deadline";
import { EventConnection } from "./event-connection";
import { Http } from "./http";
import { type ReconnectPolicy, reconnectDelayMs } from "./reconnect";
import { parseServerEvent, type ServerEvent } from "./server-event";
import { SessionFold } from "./session-fold";
import { SessionLookup } from "./session-lookup";

export interface StreamOptions extends ReconnectPolicy {
  readonly silentMs: number;
  /** For the first try to open: a booting server never answers what comes before it is ready (seen). Doubles up to `silentMs`. */
  readonly openDeadlineMs: number;
  /** For finding the root of a session that asks and that the stream has not seen begin. */
  readonly lookupDeadlineMs: number;
}

/** Keeps one `/global/event` stream open until closed, and tells its events as news. What a handler raises ends the bridge. */
export function watchEvents(endpoint: Endpoint, handlers: StreamHandlers, options: StreamOptions): EventStream {
  const watch = new Watch(endpoint, handlers, options);
  const running = watch.run();
  return {
    async close() {
      watch.stop();
      await running;
    },
  };
}

class Watch {
  readonly #endpoint: Endpoint;
  readonly #handlers: StreamHandlers;
  readonly #options: StreamOptions;
  readonly #fold = new SessionFold();
  readonly #http: Http;
  readonly #lookup: SessionLookup;
  readonly #stopped = new AbortController();
  #connection: EventConnection | undefined;

  constructor(endpoint: Endpoint, handlers: StreamHandlers, options: StreamOptions) {
    this.#endpoint = endpoint;
    this.#handlers = handlers;
    this.#options = options;
    this.#http = new Http(endpoint);
    this.#lookup = new SessionLookup(this.#http);
  }

  stop(): void {
    this.#stopped.abort();
    this.#connection?.close();
  }

  async run(): Promise<void> {
    let failures = 0;
    let told: ErrorInfo["code"] | undefined;
    while (!this.#stopped.signal.aborted) {
      const { error, openMs } = await this.#connect(failures);
      if (this.#stopped.signal.aborted) break;
      if (openMs > 0) told = undefined;
      failures = openMs >= this.#options.stableMs ? 1 : failures + 1;
      // Said once a loss, not once a try.
      if (error.code !== told) this.#handlers.lost(error);
      told = error.code;
      await this.#pause(reconnectDelayMs(failures, this.#options));
    }
    await this.#http.close();
  }

  /** One connection until it ends; `openMs` is how long it was open, 0 when it never was. */
  async #connect(failures: number): Promise<{ readonly error: ErrorInfo; readonly openMs: number }> {
    const { silentMs, openDeadlineMs } = this.#options;
    const connection = new EventConnection(this.#endpoint, {
      silentMs,
      openMs: Math.min(silentMs, openDeadlineMs * 2 ** Math.min(failures, 10)),
    });
    this.#connection = connection;
    let openedAtMs: number | undefined;
    const error = await connection.read(async (frames) => {
      if (this.#stopped.signal.aborted) return;
      // The first frame, `server.connected`, is what proves the subscription.
      if (openedAtMs === undefined) {
        openedAtMs = performance.now();
        this.#handlers.opened();
      }
      this.#handlers.alive();
      for (const frame of frames) await this.#deliver(frame);
    });
    return { error, openMs: openedAtMs === undefined ? 0 : Math.max(1, performance.now() - openedAtMs) };
  }

  async #deliver(frame: string): Promise<void> {
    const event = parseServerEvent(frame);
    if (event === undefined) return;
    if (event.kind === "ask" && !this.#fold.knows(event.sessionId)) await this.#learnRoot(event);
    if (this.#stopped.signal.aborted) return;
    for (const news of this.#fold.apply(event, performance.now())) this.#handlers.news(news);
  }

  /** Stops reading meanwhile, so that the news keep their order; OpenCode does not mind a client that pauses (seen). */
  async #learnRoot(event: Extract<ServerEvent, { readonly kind: "ask" }>): Promise<void> {
    try {
      const { lookupDeadlineMs } = this.#options;
      const root = await this.#lookup.rootOf(event.sessionId, event.directory, new Deadline(lookupDeadlineMs, lookupDeadlineMs));
      this.#fold.learn(event.sessionId, root === event.sessionId ? undefined : root);
    } catch (error) {
      // Told as its own root then; the next reconciliation reads the asks again.
      if (!(error instanceof OctoError)) throw error;
    }
  }

  async #pause(delayMs: number): Promise<void> {
    try {
      await sleep(delayMs, undefined, { signal: this.#stopped.signal });
    } catch {
      // Stopped while it waited.
    }
  }
}
