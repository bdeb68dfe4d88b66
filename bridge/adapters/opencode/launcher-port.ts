import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { OctoError } from "../../octo-error";
import type { Launcher } from "../../ports/opencode";

/**
 * An instance keeps its port across restarts, since attached TUIs reconnect only to the same one. So ports come from below the
 * range that systems give to outgoing connections (Linux 32768 to 60999, macOS from 49152), where one could be lost in between.
 */
const portRange = { min: 17_000, max: 32_000 };
const triesMax = 100;
/** So long a chosen port is kept from others: by then its server listens on it, or could not start. */
const keptMs = 120_000;

/** Chooses ports below `max`; those that start at the same time get different ones, though none of them listens yet. */
export function createPortChooser({ min, max } = portRange): Launcher["choosePort"] {
  const chosenAtMs = new Map<number, number>();
  return async (taken, preferred) => {
    for (const [port, atMs] of chosenAtMs) if (performance.now() - atMs > keptMs) chosenAtMs.delete(port);
    if (preferred !== 0 && !taken.includes(preferred) && (await isPortFree(preferred))) return preferred;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const port = randomInt(min, max);
      if (taken.includes(port) || chosenAtMs.has(port)) continue;
      chosenAtMs.set(port, performance.now());
      if (await isPortFree(port)) return port;
    }
    throw new OctoError("PORT_TAKEN", `No free port found between ${min} and ${max}.`);
  };
}

/** Can this user listen on the port of 127.0.0.1 now? */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
