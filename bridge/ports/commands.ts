/** A program of the user's that octo runs for its effect: a hook, a notifier. */
export interface CommandRequest {
  /** Program and arguments; never a shell string. */
  readonly command: readonly string[];
  /** Given on stdin, which is closed after it. A program that never reads it is no trouble. */
  readonly stdin: string;
  readonly timeoutMs: number;
}

export const commandOutcomes = ["succeeded", "failed", "timed-out", "not-started", "given-up"] as const;
/** `given-up`: the bridge ended while it ran. */
export type CommandOutcome = (typeof commandOutcomes)[number];

export interface CommandEnd {
  readonly outcome: CommandOutcome;
  /** Exit code, or the name of the signal; why it did not start. */
  readonly detail: string;
  /** The beginning of what it wrote, stdout and stderr as they came. */
  readonly output: string;
  readonly durationMs: number;
}

/** Runs the user's programs so that none of them can hold anything up. */
export interface Commands {
  /**
   * Settles when the program and all that it started are gone: it has a process group of its own, which is ended with it, and what left
   * the group is found by its environment. Raises nothing. `signal` ends it early.
   */
  run(request: CommandRequest, signal: AbortSignal): Promise<CommandEnd>;
  /** Ends what an earlier bridge left running. Raises nothing. */
  endLeft(): Promise<void>;
}
