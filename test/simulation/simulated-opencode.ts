import type { Endpoint, OpenCode, OpenCodeClient } from "../../bridge/ports/opencode";
import type { BridgeLife } from "./bridge-life";
import { request } from "./network";
import type { SimulatedServer } from "./simulated-server";
import { SimulatedStream } from "./simulated-stream";
import type { World } from "./world";

/** OpenCode's API as one bridge reaches it. */
export function simulatedOpenCode(world: World, life: BridgeLife): OpenCode {
  return {
    connect: (endpoint) => client(world, life, endpoint),
    watch: (endpoint, handlers) => new SimulatedStream({ world, life, endpoint, handlers }),
    messageId: () => world.name("msg"),
    partId: () => world.name("prt"),
  };
}

function client(world: World, life: BridgeLife, endpoint: Endpoint): OpenCodeClient {
  const ask = <Result>(what: string, perform: (server: SimulatedServer) => Result): Promise<Result> =>
    request({ world, life, endpoint }, what, perform);
  return {
    health: () => ask("health", () => ({ version: "1.18.33" })),
    createSession: ({ directory }) => ask("createSession", (server) => ({ sessionId: server.createSession(directory) })),
    prompt(prompt) {
      if (life.alive) world.truth.promptSent(prompt.messageId);
      return ask("prompt", (server) => server.prompt(prompt));
    },
    async turn({ messageId }) {
      const report = await ask("turn", (server) => server.report(messageId));
      world.truth.promptAsked(messageId);
      return report;
    },
    abort: ({ sessionId }) => ask("abort", (server) => server.abort(sessionId)),
    asks: (directory) => ask("asks", (server) => server.openAsks(directory)),
    answer: ({ id }, answer) => ask("answer", (server) => server.answer(id, answer)),
    models: () => ask("models", () => ["standin/model"]),
    disposeDirectory: () => ask("disposeDirectory", () => undefined),
    transcript: () => ask("transcript", () => []),
    close: () => Promise.resolve(),
  };
}
