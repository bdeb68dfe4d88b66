import { pino } from "pino";

export type BridgeLog = Pick<pino.Logger, "info" | "warn" | "error" | "fatal" | "flush">;

/** Fields that hold secrets wherever they stand; values that are known to be secret are taken out of every line besides. */
const secretFields = ["password", "authorization", "environment", "env", "key"].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** One JSON line an event, to stdout: whoever starts the bridge says into which file. `redact` takes known secrets out of a line. */
export function createLog(redact: (line: string) => string): BridgeLog {
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretFields, censor: "(secret)" },
      hooks: { streamWrite: redact },
    },
    pino.destination({ dest: 1, sync: true }),
  );
}
