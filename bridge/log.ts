import { pino } from "pino";

export type BridgeLog = Pick<pino.Logger, "info" | "warn" | "error" | "fatal" | "flush">;

/** One JSON line an event, to stdout: whoever starts the bridge says into which file. */
export function createLog(): BridgeLog {
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ["password", "*.password", "authorization", "*.authorization"] },
    pino.destination({ dest: 1, sync: true }),
  );
}
