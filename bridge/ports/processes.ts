/** Names one process for ever: a pid alone is reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the system tells it: field 22 of /proc/PID/stat on Linux, `ps -o lstart=` elsewhere. Compared, never computed with. */
  readonly startTime: string;
  readonly bootId: string;
}

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

/** Identity, groups and census of processes. Everything answers within 5 s. */
export interface Processes {
  /** Starts detached, in a session and group of its own. OPENCODE_MISSING when the program does not exist. */
  spawn(request: SpawnRequest): Promise<SpawnedProcess>;
  /** Undefined when no such process lives; a zombie does not live. */
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  isAlive(identity: ProcessIdentity): Promise<boolean>;
  /** Processes of this user whose environment at start held `name=value`. */
  findByEnvironment(name: string, value: string): Promise<readonly ProcessIdentity[]>;
  /** Children, their children and so on, without the process itself. */
  descendants(identity: ProcessIdentity): Promise<readonly ProcessIdentity[]>;
  /** To the process alone. False when it is gone already. */
  signal(identity: ProcessIdentity, signal: Signal): Promise<boolean>;
  /** To its whole process group. False when it is gone already. */
  signalGroup(identity: ProcessIdentity, signal: Signal): Promise<boolean>;
  usage(identity: ProcessIdentity): Promise<ProcessUsage | undefined>;
}
