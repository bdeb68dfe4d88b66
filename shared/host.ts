import type { ErrorInfo } from "./errors";
import type { HostId } from "./ids";

/** Where panes of a host open: locally through the tunnel, or in a WezTerm domain of the host. For `mux` and `tls` WezTerm must be there. */
export const hostDomains = ["none", "ssh", "mux", "tls"] as const;
export type HostDomain = (typeof hostDomains)[number];

export const hostLinks = ["connecting", "connected", "reconnecting", "unreachable", "closed"] as const;
export type HostLinkName = (typeof hostLinks)[number];

/** What becomes of the tasks on a host that cannot be reached. `move` only behind the fence of the host's start script. */
export const partitionPolicies = ["wait", "move"] as const;
export type PartitionPolicy = (typeof partitionPolicies)[number];

/** A host as the user named it. */
export interface HostSettings {
  /** As `ssh` takes it: a name of the user's ~/.ssh/config, a DNS name or an IP address. */
  readonly address: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly labels: readonly string[];
  /** Of each instance there; the configuration's when absent. */
  readonly slots?: number | undefined;
  /** Project at home (root, or its last name) -> folder of a clone there. */
  readonly paths: Readonly<Record<string, string>>;
  readonly domain: HostDomain;
  readonly onPartition: PartitionPolicy;
}

/** What a machine said of itself last. */
export interface HostFigures {
  /** Of the last minute. */
  readonly load: number;
  readonly cores: number;
  readonly memoryFreeBytes: number;
  readonly memoryTotalBytes: number;
  readonly diskFreeBytes: number;
  /** Of one byte there and back through the tunnel; 0 for this machine. */
  readonly roundTripMs: number;
}

/** A host as clients see it. Ages, since what was heard may be old. */
export interface HostView extends HostSettings {
  readonly name: HostId;
  readonly link: HostLinkName;
  /** Since when the link is so. */
  readonly linkAgeMs: number;
  /** Why it is unreachable. */
  readonly error?: ErrorInfo | undefined;
  readonly figures?: (HostFigures & { readonly ageMs: number }) | undefined;
}

/** In this order: each needs those before it. */
export const hostCheckSteps = [
  "name",
  "reach",
  "host key",
  "key",
  "shell",
  "forward",
  "sessions",
  "home",
  "opencode",
  "git",
  "wezterm",
  "memory",
  "disk",
  "clock",
  "models",
] as const;

/** One step of `octo hosts check`. After a step that failed on the way to the host, the others are `skipped`. */
export interface HostCheck {
  readonly step: (typeof hostCheckSteps)[number];
  readonly outcome: "ok" | "warn" | "fail" | "skipped";
  /** What was found: names the thing and the value. */
  readonly message: string;
  readonly error?: ErrorInfo | undefined;
}

/** What `add_host` takes. */
export interface AddHostParams {
  readonly name: HostId;
  /** As ssh takes it. */
  readonly address: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly slots?: number | undefined;
  readonly paths?: Readonly<Record<string, string>> | undefined;
  readonly domain?: HostDomain | undefined;
  readonly onPartition?: PartitionPolicy | undefined;
}
