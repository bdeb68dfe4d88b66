import { setTimeout as pause } from "node:timers/promises";
import { ownEnvironment } from "./own-environment";
import { takePlace } from "./place";

// Process entry of the bridge, as small as it can be: who starts the bridge has its first answer before the rest is read. Exit codes: run-bridge.ts.

/** For those who wait at the socket: compiling the rest keeps the process busy for 0.1 s. */
const firstAnswersMs = 5;

// The terminal or GUI that started us may go away; the bridge outlives it.
process.on("SIGHUP", () => undefined);

async function main(): Promise<number> {
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  const environment = ownEnvironment();
  const taking = takePlace(environment);
  // A failure is told by the rest.
  const [place] = await Promise.allSettled([taking]);
  if (place.status === "fulfilled" && place.value) await pause(firstAnswersMs);
  const { runBridge } = await import("./run-bridge");
  return runBridge({ environment, taking, signalled });
}

void main().then((code) => process.exit(code));
