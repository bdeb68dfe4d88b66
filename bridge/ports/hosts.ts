import type { ErrorInfo } from "../../shared/errors";
import type { HostCheck, HostFigures, HostSettings } from "../../shared/host";
import type { HostId, InstanceId } from "../../shared/ids";
import type { ProcessIdentity } from "../core/instance";
import type { Launcher } from "./opencode";
import type { ProcessUsage } from "./processes";
import type { Workspaces } from "./workspaces";

/** A machine that is reached over the user's own OpenSSH. */
export interface HostDefinition extends Pick<HostSettings, "address" | "user" | "port" | "domain"> {
  readonly id: HostId;
  /** Root of a working tree or git folder at home -> root of a clone of it on the host; others get a clone of octo's own. */
  readonly paths: Readonly<Record<string, string>>;
  /** Program and first arguments of OpenCode on the host; else it is looked for there. */
  readonly command?: readonly [string, ...string[]] | undefined;
  /** Without a sign of the bridge for this long, servers on the host end themselves; 0: never (`onPartition: "wait"`). */
  readonly fenceMs: number;
}

/** How the way to a host is. Instants are of the adapter's monotonic clock. */
export type HostLink =
  /** For the first time. */
  | { readonly kind: "connecting"; readonly sinceMs: number }
  | { readonly kind: "connected"; readonly sinceMs: number }
  /** It was connected; the first try after that is under way. */
  | { readonly kind: "reconnecting"; readonly sinceMs: number }
  /** The last try failed for `reason`; another follows within 2 s (30 s where the host refuses us, so that it locks nobody out). */
  | { readonly kind: "unreachable"; readonly sinceMs: number; readonly triedAtMs: number; readonly reason: ErrorInfo }
  | { readonly kind: "closed" };

export interface TimedFigures extends HostFigures {
  /** When the host said so, on the adapter's monotonic clock. */
  readonly atMs: number;
}

export interface HostHandlers {
  readonly link: (link: HostLink) => void;
  readonly figures: (figures: TimedFigures) => void;
}

export interface RemoteAttachRequest {
  readonly instanceId: InstanceId;
  readonly incarnation: number;
  readonly password: string;
  readonly directory?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** What a pane in a domain of the host runs. */
export interface RemoteAttach {
  /** To be run there, once and within five minutes; no secret is in it. */
  readonly command: readonly [string, ...string[]];
  /** It will not be run. */
  drop(): Promise<void>;
}

/**
 * One host. Nothing that is asked of it waits longer than its deadline, and nothing waits for another host. While the link is down every
 * call raises the reason, a code HOST_…: that says nothing of what runs there.
 */
export interface Host {
  readonly id: HostId;
  link(): HostLink;
  figures(): TimedFigures | undefined;
  /** Its servers; each endpoint is a port of this machine that leads there and stays the same over losses of the link. */
  readonly launcher: Launcher;
  /** Repositories are at home; worktrees are on the host; results come home. */
  readonly workspaces: Workspaces;
  /** As the host told last (2 s). */
  usage(identity: ProcessIdentity): ProcessUsage | undefined;
  /** Does the process live? HOST_… when nobody can tell. */
  isAlive(instanceId: InstanceId, identity: ProcessIdentity): Promise<boolean>;
  /** OpenCode's own TUI in a terminal of the host, attached there. INSTANCE_NOT_READY. */
  attachThere(request: RemoteAttachRequest): Promise<RemoteAttach>;
  check(options: { readonly modelsAtHome: readonly string[] | undefined }): Promise<readonly HostCheck[]>;
  /** Tries at once instead of at the next turn. */
  retry(): void;
  /** Ends the link; servers live on. May be called twice. */
  close(): Promise<void>;
}

/** Opens hosts; each keeps its link up by itself until it is closed. */
export interface Hosts {
  /** HOST_NAME_INVALID, HOST_ADDRESS_INVALID. */
  open(definition: HostDefinition, handlers: HostHandlers): Host;
}
