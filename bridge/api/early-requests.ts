import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { limits } from "../../shared/protocol";
import { OctoError } from "../octo-error";
import { type ApiLog, refusal, refusalText, sendRefusal, statusOf } from "./answer";
import { RateLimited } from "./rate-limit";

export interface DoorHandlers {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

interface Early {
  pass(handlers: DoorHandlers): void;
  refuse(thrown: unknown): void;
}

/** One connection can send many before the first is answered. */
const waitingMax = limits.connectionsMax;
const fullPauseMs = 500;
/** Who started the bridge is told by its log; here nobody has one yet. */
const silent: ApiLog = { warn: () => undefined, error: () => undefined };

/** Requests that come while the bridge starts: they wait until they are passed on, refused, or have waited too long (BRIDGE_TIMEOUT). */
export class EarlyRequests implements DoorHandlers {
  readonly #waiting = new Map<Early, NodeJS.Timeout>();
  readonly #waitTimeMaxMs: number;
  #refusedBy: { readonly thrown: unknown } | undefined;

  constructor(waitTimeMaxMs: number) {
    this.#waitTimeMaxMs = waitTimeMaxMs;
  }

  readonly request = (request: IncomingMessage, response: ServerResponse): void => {
    const early: Early = {
      pass: ({ request: answer }) => answer(request, response),
      refuse: (thrown) => {
        const answer = refusal(thrown, silent);
        sendRefusal(response, statusOf(answer.error.code), answer, { close: true });
      },
    };
    // Not the response's: that of a request behind another one on its connection never tells.
    request.once("close", () => this.#forget(early));
    this.#keep(early);
  };

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Until a handler owns the socket nobody else would hear of its death.
    const ignore = (): void => undefined;
    const gone = (): void => this.#forget(early);
    socket.on("error", ignore).once("close", gone);
    const early: Early = {
      pass: ({ upgrade }) => {
        upgrade(request, socket, head);
        socket.off("error", ignore).off("close", gone);
      },
      refuse: (thrown) => void socket.end(refusalText(thrown, silent), () => socket.destroy()),
    };
    this.#keep(early);
  };

  pass(handlers: DoorHandlers): void {
    for (const early of this.#takeAll()) early.pass(handlers);
  }

  /** What comes later is refused likewise. */
  refuse(thrown: unknown): void {
    this.#refusedBy = { thrown };
    for (const early of this.#takeAll()) early.refuse(thrown);
  }

  #keep(early: Early): void {
    if (this.#refusedBy) return early.refuse(this.#refusedBy.thrown);
    if (this.#waiting.size >= waitingMax) return early.refuse(new RateLimited("all clients together", fullPauseMs));
    const late = (): void => {
      this.#forget(early);
      early.refuse(new OctoError("BRIDGE_TIMEOUT", `the bridge has not come up within ${this.#waitTimeMaxMs} ms`));
    };
    this.#waiting.set(early, setTimeout(late, this.#waitTimeMaxMs));
  }

  #forget(early: Early): void {
    clearTimeout(this.#waiting.get(early));
    this.#waiting.delete(early);
  }

  #takeAll(): readonly Early[] {
    const all = [...this.#waiting.keys()];
    for (const early of all) this.#forget(early);
    return all;
  }
}
