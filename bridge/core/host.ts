import type { ErrorInfo } from "../../shared/errors";
import type { HostFigures, PartitionPolicy } from "../../shared/host";
import type { HostId } from "../../shared/ids";
import type { Instance } from "./instance";

/** A machine. What has no entry can always be reached. */
export interface Host {
  readonly id: HostId;
  /** This machine: folders and files of the user are here. */
  readonly isHome: boolean;
  readonly onPartition: PartitionPolicy;
  /** Longer than the fence needs: only then is it certain that nothing runs there. */
  readonly partitionGraceMs: number;
  readonly link:
    | { readonly kind: "up" }
    /** What runs there is unknown: neither idle nor dead. `wasUp`: this bridge had reached it before. */
    | { readonly kind: "down"; readonly sinceMs: number; readonly reason: ErrorInfo; readonly wasUp?: boolean | undefined };
  readonly figures?: HostFigures | undefined;
  /** `provider/model` of all that its logins offer; absent until somebody asked, which only tasks that name a model make happen. */
  readonly models?: readonly string[] | undefined;
}

export type Hosts = ReadonlyMap<HostId, Host>;

/** Nobody can tell what the instance does: the link to its host is down. */
export function isCutOff({ host }: Pick<Instance, "host">, hosts: Hosts): boolean {
  return hosts.get(host)?.link.kind === "down";
}

export function cutReason({ host }: Pick<Instance, "host">, hosts: Hosts): ErrorInfo | undefined {
  const link = hosts.get(host)?.link;
  return link?.kind === "down" ? link.reason : undefined;
}

/** Codes that say only that a host could not be asked. */
export function isLinkError({ code }: ErrorInfo): boolean {
  return code === "HOST_UNREACHABLE" || code === "HOST_LINK_LOST" || code === "HOST_OTHER_MACHINE";
}

const gib = 1024 ** 3;
/** A whole slot's worth of reluctance each. */
const slowTripMs = 500;
const littleMemoryBytes = gib;

/** How little a machine wants more work, 0 to 3 as shares of an instance: its CPU, its memory, and the way to it. */
export function pressureOf(figures: HostFigures | undefined): number {
  if (figures === undefined) return 0;
  const cpu = Math.min(1, figures.load / Math.max(1, figures.cores));
  const memory = figures.memoryFreeBytes >= littleMemoryBytes ? 0 : 1 - figures.memoryFreeBytes / littleMemoryBytes;
  return cpu + memory + Math.min(1, figures.roundTripMs / slowTripMs);
}
