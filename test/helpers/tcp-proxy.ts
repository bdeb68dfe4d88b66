import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A loopback port that leads to another one, with connections that a test can break. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Destroys every connection now; new ones are accepted. */
  breakAll(): void;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((from) => {
    const to = connect(targetPort, "127.0.0.1");
    keep(from);
    keep(to);
    from.pipe(to).pipe(from);
    from.on("close", () => to.destroy());
    to.on("close", () => from.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    breakAll,
    async [Symbol.asyncDispose]() {
      breakAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
