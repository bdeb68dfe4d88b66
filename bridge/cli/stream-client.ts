import { connect } from "node:net";
import { clientHeader } from "../../shared/client-header";
import type { TaskId } from "../../shared/ids";
import { routes } from "../../shared/protocol";
import type { StreamMessage, WatchRequest } from "../../shared/stream";
import { checkSocketIsOurs } from "../folders";
import { clientName } from "./http-call";

export interface StreamRequest {
  readonly socketPath: string;
  /** Adds the live output of this task. */
  readonly output?: TaskId | undefined;
  /** Adds the newest line of every task that speaks; gets what sends WatchRequests, as long as the stream is open. */
  readonly lines?: ((send: (request: WatchRequest) => void) => void) | undefined;
  readonly signal: AbortSignal;
  readonly receive: (message: StreamMessage) => void;
}

/** Why a stream ended; `code` is the close code, 1006 for a broken connection or one that was never had. */
export interface StreamEnd {
  readonly code: number;
  readonly reason: string;
}

/** Longest time for opening; later silence is the bridge's pings' business. */
const openTimeoutMs = 10_000;

/** Reads one stream to its end, or until the signal. Raises SOCKET_FOREIGN and STATE_FOLDER_OPEN only. */
export async function readStream({ socketPath, output, lines, signal, receive }: StreamRequest): Promise<StreamEnd> {
  await checkSocketIsOurs(socketPath);
  // `ws` is loaded only where it is needed: commands that answer at once start without it.
  const { WebSocket } = await import("ws");
  const query = new URLSearchParams({ ...(output === undefined ? {} : { output }), ...(lines ? { lines: "1" } : {}) });
  const socket = new WebSocket(`ws://bridge${routes.stream}?${query}`, {
    headers: { [clientHeader]: clientName },
    createConnection: () => connect(socketPath),
    handshakeTimeout: openTimeoutMs,
    perMessageDeflate: false,
    maxPayload: 256 * 1024 * 1024,
  });
  const stop = (): void => socket.terminate();
  try {
    return await new Promise<StreamEnd>((resolve) => {
      let failure = "";
      socket.on("error", ({ message }) => {
        failure = message;
      });
      socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() || failure }));
      socket.once("open", () => lines?.((request) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(request))));
      socket.on("message", (data) => {
        const told: StreamMessage | readonly StreamMessage[] = JSON.parse(String(data));
        for (const message of "kind" in told ? [told] : told) receive(message);
      });
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
