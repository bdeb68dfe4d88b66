import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Answer } from "./answer";
import { parseConversation } from "./conversation";
import { parseScript } from "./directives";
import { Gates } from "./gates";
import { Ledger, type RequestRecord, type Sender } from "./ledger";
import { play } from "./play";

const bodyBytesMax = 32 * 1024 * 1024;
const connectionsMax = 2_000;

/** A model that does what the prompt says, for `octo demo` and for tests with the real OpenCode. */
export interface StandIn {
  /** `http://127.0.0.1:PORT`; the provider's base is this and `/v1`. */
  readonly url: string;
  /** How many turns were asked for under each `[[task:NAME]]`. */
  turns(): ReadonlyMap<string, number>;
  /** The newest requests, oldest first. */
  requests(): readonly RequestRecord[];
  /** Names of the gates that an answer waits at now. */
  waiting(): readonly string[];
  /** Opens `[[gate:NAME]]`, now and later. */
  release(name: string): void;
  /** Forgets counts, requests, released gates and how often directives have acted. */
  reset(): void;
  /** Breaks what is still streamed and closes the port. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts the stand-in on loopback (port 0: a free one). It serves the OpenAI chat completions protocol (`POST /v1/chat/completions`,
 * streaming only; `GET /v1/models`), and for other processes `GET /counts`, `/requests`, `/waiting` and `POST /release/NAME`.
 */
export async function startStandIn(options: { readonly port?: number } = {}): Promise<StandIn> {
  const ledger = new Ledger();
  const gates = new Gates();
  const stopping = new AbortController();
  const server = createServer((request, response) => {
    // A broken connection is the client's business; nothing is owed to it.
    response.on("error", () => undefined);
    serve(request, response, { ledger, gates, stopping: stopping.signal }).catch((error: unknown) => refuse(response, error));
  });
  server.maxConnections = connectionsMax;
  // Answers may take long, and OpenCode keeps its connections: neither is the stand-in's to time out.
  server.requestTimeout = 0;
  server.listen({ port: options.port ?? 0, host: "127.0.0.1" });
  await once(server, "listening");
  let stopped: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    turns: () => new Map(ledger.turns),
    requests: () => [...ledger.requests],
    waiting: () => gates.waiting,
    release: (name) => gates.release(name),
    reset() {
      ledger.reset();
      gates.reset();
    },
    stop() {
      stopped ??= close(server, stopping);
      return stopped;
    },
  };
}

interface Parts {
  readonly ledger: Ledger;
  readonly gates: Gates;
  readonly stopping: AbortSignal;
}

async function serve(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const path = new URL(request.url ?? "/", "http://stand-in").pathname;
  const route = `${request.method} ${path}`;
  if (route === "POST /v1/chat/completions") return complete(request, response, parts);
  if (route === "GET /v1/models") return sendJson(response, 200, { object: "list", data: [{ id: "model", object: "model" }] });
  if (route === "GET /counts") return sendJson(response, 200, Object.fromEntries(parts.ledger.turns));
  if (route === "GET /requests") return sendJson(response, 200, parts.ledger.requests);
  if (route === "GET /waiting") return sendJson(response, 200, parts.gates.waiting);
  if (route.startsWith("POST /release/")) {
    parts.gates.release(decodeURIComponent(path.slice("/release/".length)));
    return sendJson(response, 200, {});
  }
  sendJson(response, 404, { error: { message: `The stand-in does not know ${route}.`, code: "route_unknown" } });
}

async function complete(request: IncomingMessage, response: ServerResponse, { ledger, gates, stopping }: Parts): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const conversation = parseConversation(await readBody(request));
  const script = parseScript(conversation.prompt);
  const sender = senderOf(request);
  ledger.record(conversation, script, sender, Date.now());
  const answer = new Answer(response, conversation);
  if (conversation.purpose !== "work") {
    answer.text(conversation.purpose === "title" ? "A task for the stand-in" : "The stand-in was asked to go on with its task.");
    return answer.finish("stop");
  }
  if (script.fault !== undefined) return answer.fail(400, { message: script.fault, code: "directive_invalid" });
  await play(script, conversation.callsMade, answer, {
    gates,
    signal: AbortSignal.any([gone.signal, stopping]),
    spend: (index, times) => ledger.spend(conversation, script, sender, index, times),
    owe: () => ledger.owe(conversation, sender),
    oweCompaction: () => ledger.oweCompaction(sender),
  });
}

/** OpenCode 1.18.33 names the session in `x-session-id` (and the same in `x-session-affinity`), a subagent's parent in `x-parent-session-id`. */
function senderOf(request: IncomingMessage): Sender {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return { sessionId: header("x-session-id") ?? "", parentSessionId: header("x-parent-session-id") };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > bodyBytesMax) throw new Error(`The request is larger than ${bodyBytesMax} bytes.`);
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else sendJson(response, 400, { error: { message: error instanceof Error ? error.message : String(error), code: "request_invalid" } });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in has no TCP port.");
  return address.port;
}

async function close(server: Server, stopping: AbortController): Promise<void> {
  stopping.abort();
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
