import { once } from "node:events";
import { connect, createServer } from "node:net";

/** A port that gives back what it gets. */
export interface EchoPort extends AsyncDisposable {
  readonly number: number;
  /** Through another port that leads here. */
  echo(port: number, text: string): Promise<string>;
}

export async function listenOn(): Promise<EchoPort> {
  const server = createServer((socket) => void socket.on("error", () => undefined).pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    number: address.port,
    async echo(port, text) {
      const socket = connect({ host: "127.0.0.1", port });
      try {
        await once(socket, "connect", { signal: AbortSignal.timeout(5_000) });
        socket.end(text);
        let answer = "";
        for await (const chunk of socket.setEncoding("utf8")) answer += String(chunk);
        return answer;
      } finally {
        socket.destroy();
      }
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}
