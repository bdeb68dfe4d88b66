import type { HostDomain } from "../../shared/host";
import type { HostId } from "../../shared/ids";
import type { PartitionPolicy } from "../core/host";

/** A host as the user named it. */
export interface HostRecord {
  readonly id: HostId;
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

/** Keeps the hosts across restarts, and tells WezTerm's plugin of their domains. */
export interface HostBook {
  /** STORE_CORRUPT when it cannot be read. */
  load(): Promise<readonly HostRecord[]>;
  /** All of them, whole or not at all. STORE_FULL, STORE_FAILED. */
  save(records: readonly HostRecord[]): Promise<void>;
}
