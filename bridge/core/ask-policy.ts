import type { RuleAction } from "../../shared/ask";

/** One rule of the configuration; an absent field matches everything. Patterns are those of `ask-pattern.ts`. */
export interface AskRule {
  readonly permission?: string | undefined;
  readonly pattern?: string | undefined;
  readonly host?: string | undefined;
  readonly label?: string | undefined;
  readonly action: RuleAction;
  /** What the model is told by a denial. */
  readonly message?: string | undefined;
}

export const afterTimeLimits = ["deny", "wait"] as const;

/** What happens to the asks of tasks without a person. Times in milliseconds of the engine clock. */
export interface AskPolicy {
  /** The first one that matches counts. */
  readonly rules: readonly AskRule[];
  /** 0: none. */
  readonly timeLimitMs: number;
  /** `deny` tells the model so, and it goes on. */
  readonly afterTimeLimit: (typeof afterTimeLimits)[number];
  /** How long an instance that drains waits for a person; after that its waiting tasks go back into the queue. */
  readonly drainWaitMs: number;
}

export const defaultAskPolicy: AskPolicy = { rules: [], timeLimitMs: 0, afterTimeLimit: "deny", drainWaitMs: 10 * 60_000 };
