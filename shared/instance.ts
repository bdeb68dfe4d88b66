import type { ErrorInfo } from "./errors";
import type { HostId, InstanceId } from "./ids";

export const instanceStates = [
  "starting",
  "ready",
  "unready",
  "unknown",
  "draining",
  "stopping",
  "sweeping",
  "backoff",
  "failed",
  "stopped",
] as const;
/**
 * `unknown`: the link to its host is down.
 * `unready`: alive, gets no work. `draining`: finishes, takes none. `sweeping`: its process is gone, its tool children
 * are being collected. `failed`: gave up restarting, needs a person.
 */
export type InstanceStateName = (typeof instanceStates)[number];

/** An instance as clients see it; never holds its password. */
export interface InstanceView {
  readonly id: InstanceId;
  readonly name: string;
  readonly host: HostId;
  readonly state: InstanceStateName;
  readonly incarnation: number;
  readonly labels: readonly string[];
  readonly port: number;
  readonly pid?: number | undefined;
  /** Of this incarnation. */
  readonly startedAtEpochMs?: number | undefined;
  readonly version?: string | undefined;
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
  readonly rssBytes?: number | undefined;
  readonly error?: ErrorInfo | undefined;
}

/** What `spawn_opencode_server` takes. */
export interface SpawnParams {
  /** Where; this machine when absent. */
  readonly host?: HostId | undefined;
  /** Only for a single instance. */
  readonly port?: number | undefined;
  readonly count?: number | undefined;
  readonly slots?: number | undefined;
  readonly labels?: readonly string[] | undefined;
}
