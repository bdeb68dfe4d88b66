import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { answerControl, type SessionSummary, sessionSummaries } from "./control";
import type { Fault, RouteBreak } from "./faults";
import { type Answer, type Call, json, noContent, readBody, send, unknownError, webPage } from "./http-answer";
import { parseObject } from "./json";
import { defaultOptions, type FakeOptions } from "./options";
import { answerCall } from "./routes";
import { createRuns, type Runs } from "./runs";
import { sendStrange } from "./strange-events";
import { createWorld, type World } from "./world";

/** A running fake OpenCode server; `stop` is as sudden as a kill and can be called twice. */
export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly password: string;
  sessions(): readonly SessionSummary[];
  /** Turns begun by task mark, restarts on the same data included. */
  turns(): ReadonlyMap<string, number>;
  fault(fault: Fault): void;
  openGate(name: string): void;
  /** Turns that wait at a gate now. */
  waitingAt(name: string): number;
  /** Open event streams. */
  streams(): number;
  stop(): Promise<void>;
}

export interface ListenOptions {
  /** 0: any free port. */
  readonly port?: number;
  readonly hostname?: string;
}

/** A fake OpenCode server in this process. Raises EADDRINUSE as node does. */
export async function startFakeServer(given: Partial<FakeOptions> & ListenOptions = {}): Promise<FakeServer> {
  const options: FakeOptions = { ...defaultOptions, password: "fake-password", ...given };
  const world = createWorld(options);
  const runs = createRuns(world);
  const endStrange = sendStrange(world.hub, options);
  const server = createServer((request, response) => {
    handle(request, response, world, runs).catch(() => response.destroy());
  });
  try {
    await listen(server, given.port ?? 0, given.hostname ?? "127.0.0.1");
  } catch (thrown) {
    endStrange();
    world.hub.close();
    throw thrown;
  }
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= new Promise((resolve) => {
      runs.kill();
      endStrange();
      world.hub.close();
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return stopped;
  };
  return {
    url: `http://${given.hostname ?? "127.0.0.1"}:${port}`,
    port,
    password: options.password,
    sessions: () => sessionSummaries(world),
    turns: () => world.store.turns(),
    fault: (fault) => applyFault(fault, world),
    openGate: (name) => world.gates.open(name),
    waitingAt: (name) => world.gates.waiting(name),
    streams: () => world.hub.streams(),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function listen(server: Server, port: number, hostname: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => resolve());
  });
}

async function handle(request: IncomingMessage, response: ServerResponse, world: World, runs: Runs): Promise<void> {
  if (!isAuthorised(request, world.options.password)) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="Secure Area"' }).end();
    return;
  }
  const call = await readCall(request, world);
  if (call.path.startsWith("/__fake/"))
    return send(
      response,
      answerControl(call, world, (fault) => applyFault(fault, world)),
    );
  const slow = world.faults.take("answers-delayed");
  if (slow !== undefined) await later(slow.delayMs);
  const broken = world.faults.take("route-broken", ({ path }) => call.path.endsWith(path));
  if (broken !== undefined) return sendBroken(response, broken.answer);
  if (call.method === "GET" && call.path === "/global/event") return world.hub.open(response);
  if (call.path === "/global/health") {
    if (world.faults.take("health-silent") !== undefined) return;
    const delayed = world.faults.take("health-delayed");
    if (delayed !== undefined) await later(delayed.delayMs);
  }
  const answer = await answerCall(call, world, runs);
  const lost = call.path.endsWith("/prompt_async") && answer.status === noContent.status && world.faults.take("prompt-answer-lost");
  if (lost) response.destroy();
  else send(response, answer);
}

async function readCall(request: IncomingMessage, world: World): Promise<Call> {
  const url = new URL(request.url ?? "/", "http://fake");
  const header = request.headers["x-opencode-directory"];
  const fromHeader = typeof header === "string" ? decodeURIComponent(header) : undefined;
  const bodyText = await readBody(request);
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    directory: url.searchParams.get("directory") ?? fromHeader ?? world.options.directory,
    body: parseObject(bodyText),
    bodyText,
  };
}

function isAuthorised(request: IncomingMessage, password: string): boolean {
  const expected = `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
  return password === "" || request.headers.authorization === expected;
}

function sendBroken(response: ServerResponse, kind: RouteBreak): void {
  const answers: Readonly<Record<Exclude<RouteBreak, "hang">, Answer>> = {
    "500": unknownError,
    html: webPage,
    garbage: json({ unexpected: ["shape"] }),
  };
  if (kind !== "hang") send(response, answers[kind]);
}

function applyFault(fault: Fault, world: World): void {
  switch (fault.kind) {
    case "streams-cut":
      world.hub.cut();
      break;
    case "mended":
      world.faults.clear();
      break;
    case "exit":
      process.exit(fault.code);
      break;
    default:
      world.faults.switchOn(fault);
  }
}

function later(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
