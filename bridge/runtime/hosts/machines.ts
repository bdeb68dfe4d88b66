import type { HostId } from "../../../shared/ids";
import type { Instance, ProcessIdentity } from "../../core/instance";
import type { Launcher } from "../../ports/opencode";
import type { ProcessUsage } from "../../ports/processes";
import type { Workspaces } from "../../ports/workspaces";

/** Where instances run: this machine, or a host. */
export interface Machine {
  readonly launcher: Launcher;
  readonly workspaces: Workspaces;
  /** Undefined when nobody knows. */
  usage(identity: ProcessIdentity): Promise<ProcessUsage | undefined>;
}

export interface Machines {
  /** HOST_UNKNOWN. */
  of(host: HostId): Machine;
}

/** Of an instance's server; undefined when nobody knows, also where the host is gone. */
export async function usageOf(machines: Machines, { host, identity }: Instance): Promise<ProcessUsage | undefined> {
  try {
    return identity && (await machines.of(host).usage(identity));
  } catch {
    return undefined;
  }
}
