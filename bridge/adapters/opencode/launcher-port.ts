import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { OctoError } from "../../octo-error";

/**
 * An instance keeps its port across restarts, since attached TUIs reconnect only to the same one. So ports come from below the
 * range that systems give to outgoing connections (Linux 32768 to 60999, macOS from 49152), where one could be lost in between.
 */
const portMin = 17_000;
const portMax = 32_000;
const triesMax = 100;

/** A free port of 127.0.0.1 that is not one of `taken`: the preferred one if it can be had. PORT_TAKEN when none was found. */
export async function chooseFreePort(taken: readonly number[], preferred = 0): Promise<number> {
  if (preferred !== 0 && !taken.includes(preferred) && (await isPortFree(preferred))) return preferred;
  for (let tries = 0; tries < triesMax; tries += 1) {
    const port = randomInt(portMin, portMax);
    if (!taken.includes(port) && (await isPortFree(port))) return port;
  }
  throw new OctoError("PORT_TAKEN", `No free port found between ${portMin} and ${portMax}.`);
}

/** Can this user listen on the port of 127.0.0.1 now? */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
