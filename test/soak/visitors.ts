import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import type { InstanceId } from "../../shared/ids";
import { routes } from "../../shared/protocol";

/** How many of each kind come at the same time; each stays for a moment, goes, and comes again. */
const crowd = { stream: 12, poll: 12, pane: 2, half: 2, wrong: 2 } as const;
type Kind = keyof typeof crowd;

export interface VisitorsRequest {
  readonly socketPath: string;
  readonly instanceId: InstanceId;
  readonly random: () => number;
  /** A task whose output somebody wants to see. */
  readonly taskId: () => string | undefined;
}

/** Clients of the socket that come and go, politely and otherwise, until they are told to stop. */
export class Visitors {
  readonly visits: Record<Kind, number> = { stream: 0, poll: 0, pane: 0, half: 0, wrong: 0 };
  readonly #request: VisitorsRequest;
  readonly #stopped = new AbortController();
  readonly #loops: Promise<void>[];

  constructor(visitors: VisitorsRequest) {
    this.#request = visitors;
    const ways: Readonly<Record<Kind, (stayMs: number) => Promise<void>>> = {
      stream: (stayMs) => this.#stream(stayMs),
      poll: (stayMs) => this.#http("GET", `${routes.poll}?since=${this.visits.poll % 3 === 0 ? "1" : "999999999"}&waitMs=300`, stayMs),
      pane: (stayMs) =>
        this.#http("GET", `${routes.paneScreen}?screen=soak${this.visits.pane}&target=${visitors.instanceId}&columns=80&rows=24`, stayMs),
      half: (stayMs) => this.#half(stayMs),
      wrong: (stayMs) => this.#http("POST", routes.rpc, stayMs, '{"method":'),
    };
    const kinds: readonly Kind[] = ["stream", "poll", "pane", "half", "wrong"];
    this.#loops = kinds.flatMap((kind) => Array.from({ length: crowd[kind] }, () => this.#come(kind, ways[kind])));
  }

  /** Settles when the last one has gone. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#loops);
  }

  async #come(kind: Kind, visit: (stayMs: number) => Promise<void>): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.visits[kind] += 1;
      await visit(50 + this.#request.random() * 1_000);
      await pause(20 + this.#request.random() * 200);
    }
  }

  /** One in four stops reading, one in four hangs up without a word. */
  async #stream(stayMs: number): Promise<void> {
    const { socketPath, random, taskId } = this.#request;
    const wanted = taskId();
    const query = random() < 0.5 || wanted === undefined ? "?lines=1" : `?output=${wanted}`;
    const socket = new WebSocket(`ws://bridge${routes.stream}${query}`, {
      createConnection: () => connect(socketPath),
      perMessageDeflate: false,
    });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    const manner = random();
    if (manner < 0.25) socket.once("message", () => socket.pause());
    await pause(stayMs);
    if (manner < 0.5) socket.terminate();
    else socket.close();
    const cut = setTimeout(() => socket.terminate(), 1_000);
    await closed;
    clearTimeout(cut);
  }

  /** Takes the answer, or goes before it came. */
  #http(method: "GET" | "POST", path: string, stayMs: number, body?: string): Promise<void> {
    return new Promise((resolve) => {
      const { socketPath } = this.#request;
      const outgoing = request({ socketPath, method, path, agent: false }, (incoming) => incoming.resume());
      const timer = setTimeout(() => outgoing.destroy(), stayMs);
      outgoing.on("error", () => undefined);
      outgoing.on("close", () => {
        clearTimeout(timer);
        resolve();
      });
      outgoing.end(body);
    });
  }

  /** Half a request, and gone. */
  async #half(stayMs: number): Promise<void> {
    const socket = connect(this.#request.socketPath);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    socket.write("POST /v1/rpc HTTP/1.1\r\nhost: bridge\r\ncontent-length: 100\r\n\r\n{");
    await pause(stayMs);
    socket.destroy();
    await closed;
  }
}
