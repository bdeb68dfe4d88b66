import type { ProcessIdentity } from "../core/instance";

export type { ProcessIdentity };

export interface ProcessUsage {
  readonly rssBytes: number;
  /** User and system time since its start. */
  readonly cpuMs: number;
}

export type Signal = "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT" | "SIGINT";

export interface SpawnRequest {
  /** Program and arguments; never a shell string. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files that take its output, appended; with pipes it would die with the bridge (seen). */
  readonly stdoutFile: string;
  readonly stderrFile: string;
}

export interface SpawnedProcess {
  readonly identity: ProcessIdentity;
  /** Settles when this child ends; only for children of this bridge process. */
  readonly exited: Promise<ExitInfo>;
}

export interface ExitInfo {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Identity, groups and census of processes. Each look at the system's table answers within 5 s, or raises PROCESS_TABLE_UNREADABLE. */
export interface Processes {
  /**
   * Starts detached, in a session and group of its own. OPENCODE_MISSING when the program does not exist or may not be executed,
   * DIRECTORY_MISSING for `cwd`, PROCESS_START_FAILED. A program that ends at once has an identity too; it is not alive.
   */
  spawn(request: SpawnRequest): Promise<SpawnedProcess>;
  /** Undefined when no such process lives; a zombie does not live. */
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  isAlive(identity: ProcessIdentity): Promise<boolean>;
  /** Those of them that live, by one look. */
  living(identities: readonly ProcessIdentity[]): Promise<readonly ProcessIdentity[]>;
  /** Processes of this user whose environment at start held `name=value`. */
  findByEnvironment(name: string, value: string): Promise<readonly ProcessIdentity[]>;
  /** Children, their children and so on, without the process itself. */
  descendants(identity: ProcessIdentity): Promise<readonly ProcessIdentity[]>;
  /** To the process alone. False when it is gone already or is not ours to signal. */
  signal(identity: ProcessIdentity, signal: Signal): Promise<boolean>;
  /**
   * To its whole process group, also when only other members are left of a group that `spawn` made. False when nobody is left; never
   * to the bridge's own group.
   */
  signalGroup(identity: ProcessIdentity, signal: Signal): Promise<boolean>;
  usage(identity: ProcessIdentity): Promise<ProcessUsage | undefined>;
}
