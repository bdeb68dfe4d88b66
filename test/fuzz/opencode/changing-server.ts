import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Endpoint } from "../../../bridge/ports/opencode";
import type { Change } from "./changes";
import { answerTo, type RecordedAnswer } from "./recorded-answers";
import { sendChanged } from "./send-changed";

/** How the next requests are answered. */
export interface Plan {
  /** What is wrong with the first, the second, … answer; none is with those after them. */
  readonly changes: readonly Change[];
  /** Begin again with the first, as long as requests come. */
  readonly isRepeated: boolean;
  /** Which of the recorded answers. */
  readonly choice: number;
}

/** A server on loopback that gives OpenCode's recorded answers, changed as the plan says. */
export interface ChangingServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
  follow(plan: Plan): void;
  /** Answers with something wrong so far. */
  changedCount(): number;
  /** Connections that are open now. */
  openCount(): number;
}

const headBytesMax = 64 * 1024;

/** What the next event stream sends; undefined: nothing, for good. */
export type NextStream = () => { readonly answer: RecordedAnswer; readonly change: Change | undefined } | undefined;

export async function changingServer(nextStream: NextStream = () => undefined): Promise<ChangingServer> {
  const sockets = new Set<Socket>();
  let plan: Plan = { changes: [], isRepeated: false, choice: 0 };
  let asked = 0;
  let changed = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    readRequests(socket, (method, path) => {
      if (path === "/global/event") {
        const stream = nextStream();
        if (stream) sendChanged(socket, stream.answer, stream.change);
        return;
      }
      const { changes, isRepeated, choice } = plan;
      const change = changes[isRepeated ? asked % changes.length : asked];
      asked += 1;
      if (change !== undefined) changed += 1;
      sendChanged(socket, answerTo(method, path, choice), change);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    endpoint: { url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`, password: "fuzzed-password" },
    follow(next) {
      plan = next;
      asked = 0;
    },
    changedCount: () => changed,
    openCount: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Calls `ask` for each whole request. */
function readRequests(socket: Socket, ask: (method: string, path: string) => void): void {
  let text = "";
  socket.setEncoding("latin1").on("data", (piece) => {
    text += String(piece);
    for (;;) {
      const end = text.indexOf("\r\n\r\n");
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
      if (text.length > headBytesMax) return void socket.destroy();
      if (end === -1 || text.length < end + 4 + length) return;
      const [method = "", target = ""] = text.split(" ", 2);
      text = text.slice(end + 4 + length);
      ask(method, target.split("?")[0] ?? "");
    }
  });
}
