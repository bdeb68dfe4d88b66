/** One line of the system's process table. */
export interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** Undefined where the system does not tell it (macOS). */
  readonly sessionId: number | undefined;
  readonly uid: number;
  /** False for a zombie: it has ended, only its parent has not looked yet. */
  readonly alive: boolean;
  /** See `ProcessIdentity.startTime`. */
  readonly startTime: string;
  readonly rssBytes: number;
  /** User and system time since its start. */
  readonly cpuMs: number;
}

/** What differs between systems: how the process table is read. PROCESS_TABLE_UNREADABLE when it cannot be, or not in time. */
export interface ProcessTable {
  /** Zombies included; a pid that does not exist has no row. */
  rows(pids: "all" | readonly number[]): Promise<readonly ProcessRow[]>;
  /** Those of `rows` that were started with `name=value` in their environment, as far as this user may see it. */
  withEnvironment(rows: readonly ProcessRow[], name: string, value: string): Promise<readonly ProcessRow[]>;
}
