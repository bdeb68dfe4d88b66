import { type DestinationStream, pino } from "pino";
import { isSameFile, LogFile, type LogLimits } from "./log-file";

export interface BridgeLog extends Pick<pino.Logger, "info" | "warn" | "error" | "fatal"> {
  /** From now on its file is rotated; nothing where the log goes elsewhere. */
  limit(limits: LogLimits): void;
}

/** Fields that hold secrets wherever they stand; values that are known to be secret are taken out of every line besides. */
const secretFields = ["password", "authorization", "environment", "env", "key"].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * One JSON line an event. `redact` takes known secrets out of a line. Whoever starts the bridge says by its stdout where they go: when that
 * is `logFile`, the bridge opens it by itself and rotates it; else (a terminal, a pipe, a journal) they go to stdout.
 */
export function createLog(redact: (line: string) => string, logFile: string | undefined): BridgeLog {
  const file = logFile !== undefined && isSameFile(1, logFile) ? new LogFile(logFile) : undefined;
  const destination: DestinationStream = file ?? pino.destination({ dest: 1, sync: true });
  const log = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretFields, censor: "(secret)" },
      hooks: { streamWrite: redact },
    },
    destination,
  );
  return {
    info: log.info.bind(log),
    warn: log.warn.bind(log),
    error: log.error.bind(log),
    fatal: log.fatal.bind(log),
    limit: (limits) => file?.limit(limits),
  };
}
