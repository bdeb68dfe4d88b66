import type { HostSettings } from "../../shared/host";
import type { HostId } from "../../shared/ids";

export interface HostRecord extends HostSettings {
  readonly id: HostId;
}

/** Keeps the hosts across restarts, and tells WezTerm's plugin of their domains. */
export interface HostBook {
  /** STORE_CORRUPT when it cannot be read. */
  load(): Promise<readonly HostRecord[]>;
  /** All of them, whole or not at all. STORE_FULL, STORE_FAILED. */
  save(records: readonly HostRecord[]): Promise<void>;
}
