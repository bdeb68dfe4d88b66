import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Endpoint } from "../../../bridge/ports/opencode";

export interface OddServer {
  readonly endpoint: Endpoint;
  /** `METHOD /path?query` of every request so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A server on loopback that answers as the test says. */
export async function startOddServer(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<OddServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: { url: `http://127.0.0.1:${port}`, password: "päss:word" },
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
