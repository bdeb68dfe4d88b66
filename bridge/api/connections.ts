import type { Duplex } from "node:stream";
import { limits } from "../../shared/protocol";
import type { ApiMetrics } from "../metrics/bridge-metrics";
import { OctoError } from "../octo-error";
import type { ApiLog } from "./answer";
import type { Door } from "./door";

/** So many more get to read why they are refused; what comes beyond them is closed by Node without a word. */
const toldMax = 16;

interface Parts {
  readonly log: ApiLog;
  readonly metrics: Pick<ApiMetrics, "refused">;
  readonly refuse: (socket: Duplex, thrown: unknown, log: ApiLog) => void;
}

/** Refuses connections over the limit from now on: CONNECTION_LIMIT. Those that are there go on. */
export function limitConnections({ server, connections }: Door, connectionsMax: number, { log, metrics, refuse }: Parts): void {
  const refused = (): void => {
    metrics.refused("connections");
    log.warn({ connectionsMax }, "a connection was refused: there are too many");
  };
  server.maxConnections = connectionsMax + toldMax;
  server.on("drop", refused);
  server.on("connection", (socket) => {
    if (connections.size <= connectionsMax) return;
    refused();
    const why = connectionsMax < limits.connectionsMax ? " (what its limit of open files leaves for them)" : "";
    refuse(socket, new OctoError("CONNECTION_LIMIT", `the bridge has its ${connectionsMax} connections${why}`), log);
  });
}
