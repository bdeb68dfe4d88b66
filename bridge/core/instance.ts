import type { ErrorInfo } from "../../shared/errors";
import type { HostId, InstanceId, TaskId } from "../../shared/ids";

/** Names one process for ever: a pid alone is reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system tells it: field 22 of /proc/PID/stat on Linux, `ps -o lstart=` elsewhere. Compared, never computed with. */
  readonly startTime: string;
  readonly bootId: string;
}

/** Why an instance is `unready`: alive as far as we know, but gets no work. */
export const unreadyReasons = ["adopting", "connecting", "silent"] as const;
export type UnreadyReason = (typeof unreadyReasons)[number];

/** What follows once a stop is complete; `rest`: it stays down until the next bridge starts it again. */
export const afterStops = ["stay", "rest", "start", "remove"] as const;
export type AfterStop = (typeof afterStops)[number];

/** One field decides; each state carries what is true in it. */
export type InstanceState =
  /** Waits for its turn to boot. */
  | { readonly kind: "queued" }
  | { readonly kind: "starting"; readonly deadlineMs: number }
  | { readonly kind: "ready" }
  | { readonly kind: "unready"; readonly reason: UnreadyReason }
  /** Finishes its turns, takes none, then stops. */
  | { readonly kind: "draining"; readonly next: AfterStop; readonly sinceMs?: number | undefined }
  | { readonly kind: "stopping"; readonly next: AfterStop; readonly killed: boolean }
  /** The process is gone; what it left behind is being ended. Its tasks move only after that. */
  | { readonly kind: "sweeping"; readonly error: ErrorInfo; readonly fatal: boolean }
  | { readonly kind: "backoff"; readonly restartAtMs: number; readonly error: ErrorInfo }
  /** Gave up; needs a person. */
  | { readonly kind: "failed"; readonly error: ErrorInfo }
  /** `resting`: it went down with the bridge and comes back with the next one. */
  | { readonly kind: "stopped"; readonly resting: boolean };

/** Signs of life. Never stored: after a restart of the bridge they begin anew. */
export interface Health {
  readonly aliveAtMs: number;
  readonly probing: boolean;
  /** When the last probe was asked for; the next comes a while later. */
  readonly probedAtMs?: number | undefined;
  readonly rssBytes?: number | undefined;
  /** CPU time at the last failed probe: while it advances, the server is slow, not dead. */
  readonly cpuMs?: number | undefined;
}

/** A folder that a server has worked in, and the repository it is a worktree of (itself for work in place). */
export interface KnownDirectory {
  readonly directory: string;
  readonly repository: string;
}

/** One supervised OpenCode server. */
export interface Instance {
  readonly id: InstanceId;
  readonly name: string;
  readonly host: HostId;
  readonly labels: readonly string[];
  readonly slots: number;
  readonly port: number;
  /** The person chose the port: never replace it. */
  readonly portFixed: boolean;
  /** +1 at each start; fences news of an earlier one. 0 before the first. */
  readonly incarnation: number;
  readonly identity?: ProcessIdentity | undefined;
  /** Of this incarnation. */
  readonly startedAtEpochMs?: number | undefined;
  readonly version?: string | undefined;
  readonly state: InstanceState;
  /** It serves this task alone and goes with it (`isolation: server`). */
  readonly dedicatedTo?: TaskId | undefined;
  /** Folders that the server knows, the latest first: a new one costs it seconds of CPU and 30 to 80 MB (measured). */
  readonly directories: readonly KnownDirectory[];
  /** Instants of unexpected exits within the restart window. */
  readonly exitsAtMs: readonly number[];
  readonly health: Health;
}

/** Its sessions may live. */
export function isServing({ state: { kind } }: Instance): boolean {
  return kind === "ready" || kind === "unready" || kind === "draining" || kind === "stopping";
}

/** A bridge that knows its server: what fails there now is a failure, not the bridge's own start. */
export function isReachable({ state }: Instance): boolean {
  return state.kind === "ready" || state.kind === "draining" || (state.kind === "unready" && state.reason !== "adopting");
}
