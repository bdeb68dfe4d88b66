import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { OctoError } from "../../octo-error";
import type { Control, Forward } from "./control";

const forwardsMax = 256;
const triesMax = 20;
/** As for servers: below the range that systems give to outgoing connections. */
const portMin = 17_000;
const portMax = 32_000;

/** The ports of this machine that lead to ports of one host. A local port stays the same over losses of the link: clients come back to it. */
export interface Forwards {
  /** The local port; the same again for the same remote port. HOST_FORWARD_REFUSED, HOST_LINK_LOST. */
  add(remotePort: number): Promise<number>;
  remove(remotePort: number): Promise<void>;
  /** On a new connection, all of them; those that fail are tried again at the next call. */
  apply(): Promise<void>;
  /** The connection is gone, and all forwards with it. */
  lost(): void;
}

/** `control` undefined: not connected; then a forward is made when the link comes. */
export function createForwards(control: () => Control | undefined): Forwards {
  const wanted = new Map<number, Forward>();
  const open = new Set<number>();
  const opening = new Map<number, Promise<number>>();

  const start = async (remotePort: number): Promise<number> => {
    const known = wanted.get(remotePort);
    let error = new OctoError("HOST_FORWARD_REFUSED", `no free port of this machine was found for port ${remotePort} of the host`);
    for (let tries = 0; tries < (known ? 1 : triesMax); tries += 1) {
      const forward = known ?? { remotePort, localPort: await freePort(remotePort, tries, wanted) };
      const now = control();
      if (now === undefined) {
        wanted.set(remotePort, forward);
        return forward.localPort;
      }
      try {
        await now.forward(forward);
        wanted.set(remotePort, forward);
        open.add(remotePort);
        return forward.localPort;
      } catch (thrown) {
        if (!(thrown instanceof OctoError) || thrown.code !== "HOST_FORWARD_REFUSED") throw thrown;
        error = thrown;
      }
    }
    throw error;
  };

  const add = (remotePort: number): Promise<number> => {
    const known = wanted.get(remotePort);
    if (known !== undefined && (open.has(remotePort) || control() === undefined)) return Promise.resolve(known.localPort);
    if (known === undefined && wanted.size >= forwardsMax) {
      return Promise.reject(new OctoError("HOST_FORWARD_REFUSED", `${forwardsMax} forwards to one host is the limit`));
    }
    const running = opening.get(remotePort) ?? start(remotePort).finally(() => opening.delete(remotePort));
    opening.set(remotePort, running);
    return running;
  };

  return {
    add,
    async remove(remotePort) {
      const forward = wanted.get(remotePort);
      wanted.delete(remotePort);
      if (forward !== undefined && open.delete(remotePort)) await control()?.cancel(forward);
    },
    async apply() {
      for (const remotePort of wanted.keys()) if (!open.has(remotePort)) await add(remotePort).catch(() => undefined);
    },
    lost: () => open.clear(),
  };
}

/**
 * The same for the same port of the host, where it can be had: a TUI comes back to it after a restart of the bridge too. Not the same
 * number as there: the host may be this machine.
 */
async function freePort(remotePort: number, tries: number, wanted: ReadonlyMap<number, Forward>): Promise<number> {
  const taken = new Set([...wanted.values()].map(({ localPort }) => localPort));
  for (let more = 0; more < triesMax; more += 1) {
    const first = portMin + ((remotePort * 7_919 + 4_242) % (portMax - portMin));
    const port = tries + more === 0 && first !== remotePort ? first : randomInt(portMin, portMax);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new OctoError("HOST_FORWARD_REFUSED", `no free port of this machine between ${portMin} and ${portMax} was found`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
