/** One line of the system's process table. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** Undefined where the system does not tell it (macOS). */
  readonly sessionId: number | undefined;
  /** False for a zombie: it has ended, only its parent has not looked yet. */
  readonly alive: boolean;
  /** See `ProcessIdentity.startTime`. */
  readonly startTime: string;
  /** User and system time since its start. */
  readonly cpuMs: number;
}

/** What differs between systems: how the process table is read. PROCESS_TABLE_UNREADABLE when it cannot be, or not in time. */
export interface ProcessTable {
  /** Zombies included; a pid that does not exist has no row. */
  rows(pids: "all" | readonly number[]): Promise<readonly ProcessRow[]>;
  /** What costs another look at each; without those that do not exist. */
  statuses(pids: readonly number[]): Promise<ReadonlyMap<number, ProcessStatus>>;
  /** What these processes were started with in their environment, as far as this user may see it. */
  environments(rows: readonly ProcessRow[]): Promise<Environments>;
}

export interface ProcessStatus {
  readonly uid: number;
  readonly rssBytes: number;
}

export interface Environments {
  /** Whether the environment of this process held `name=value`. */
  holds(pid: number, name: string, value: string): boolean;
}
