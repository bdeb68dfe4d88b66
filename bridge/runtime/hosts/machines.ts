import type { HostId } from "../../../shared/ids";
import type { ProcessIdentity } from "../../core/instance";
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
