import type { ErrorInfo } from "../../shared/errors";
import type { Usage } from "../../shared/task";

export type TurnOutcome =
  | { readonly kind: "succeeded" }
  /** `length`: cut by the model's output limit. */
  | { readonly kind: "truncated" }
  /** A rejected permission or question ended it: idle after `tool-calls`, no error. */
  | { readonly kind: "stopped" }
  | { readonly kind: "aborted" }
  | { readonly kind: "failed"; readonly error: ErrorInfo };

/** What a server knows of one prompt, found by its message id. */
export type TurnReport =
  /** The message is not there. */
  | { readonly kind: "absent" }
  /** The message is there, nothing answers it, the session is idle. */
  | { readonly kind: "stored" }
  | {
      readonly kind: "running";
      readonly retry?: TurnRetry | undefined;
      /** A tool of its own is at work, which may say nothing for long: a build, a test suite. A subagent is none: its news are the turn's. */
      readonly toolRuns?: boolean | undefined;
    }
  /** Idle, and the last answer was never completed: its server died in the middle. */
  | { readonly kind: "interrupted"; readonly usage: Usage }
  | { readonly kind: "ended"; readonly outcome: TurnOutcome; readonly text: string; readonly usage: Usage };

export interface TurnRetry {
  readonly attempt: number;
  readonly message: string;
  readonly nextAtEpochMs: number;
}
