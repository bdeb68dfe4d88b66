import { setTimeout as pause } from "node:timers/promises";
import type { LaunchedServer, Launcher, OpenCode, OpenCodeClient, StreamHandlers, TurnReport } from "../../../bridge/ports/opencode";

const usage = { tokensIn: 1_000, tokensOut: 100, cost: 0.01 };
const ended: TurnReport = { kind: "ended", outcome: { kind: "succeeded" }, text: "done", usage };

/** Servers in this very process, whose turns take `turnMs`: what is measured is octo, not OpenCode and not HTTP to it. */
export function instantOpenCode(turnMs: number): { readonly openCode: OpenCode; readonly launcher: Launcher } {
  const handlersAt = new Map<string, StreamHandlers>();
  const endedTurns = new Set<string>();
  let ids = 0;
  const newId = (kind: string): string => {
    ids += 1;
    return `${kind}_${ids.toString().padStart(12, "0")}`;
  };

  const runTurn = async (url: string, sessionId: string, messageId: string): Promise<void> => {
    const tell = handlersAt.get(url)?.news;
    tell?.({ kind: "turn-started", sessionId, messageId });
    await pause(turnMs / 2);
    tell?.({ kind: "text", sessionId, delta: "some words of the model " });
    tell?.({ kind: "usage", sessionId, usage });
    await pause(turnMs / 2);
    endedTurns.add(messageId);
    tell?.({ kind: "settled", sessionId });
  };

  const connect: OpenCode["connect"] = ({ url }): OpenCodeClient => ({
    health: async () => ({ version: "1.18.33" }),
    createSession: async () => ({ sessionId: newId("ses") }),
    async prompt({ sessionId, messageId }) {
      void runTurn(url, sessionId, messageId);
    },
    turn: async ({ messageId }) => (endedTurns.delete(messageId) ? ended : { kind: "running" }),
    abort: async () => undefined,
    asks: async () => [],
    answer: async () => undefined,
    models: async () => ["standin/model"],
    disposeDirectory: async () => undefined,
    transcript: async () => [],
    close: async () => undefined,
  });

  return {
    openCode: {
      connect,
      watch({ url }, handlers) {
        handlersAt.set(url, handlers);
        const opened = setImmediate(() => handlers.opened());
        return { close: async () => clearImmediate(opened) };
      },
      messageId: () => newId("msg"),
      partId: () => newId("prt"),
    },
    launcher: instantLauncher(),
  };
}

function instantLauncher(): Launcher {
  const server = (port: number): LaunchedServer => ({
    identity: { pid: 100_000 + port, startTime: "0", bootId: "load" },
    endpoint: { url: `http://127.0.0.1:${port}`, password: "load" },
    exited: new Promise(() => undefined),
  });
  let port = 20_000;
  return {
    // Many are chosen at once, before any of them counts as taken.
    choosePort: async () => {
      port += 1;
      return port;
    },
    launch: async ({ port }) => server(port),
    waitReady: async () => ({ version: "1.18.33" }),
    adopt: async () => undefined,
    stop: async () => undefined,
    sweep: async () => undefined,
    lastStderr: async () => "",
  };
}
