import type { PermissionRule } from "./ask";
import type { ErrorInfo } from "./errors";
import type { HostId, InstanceId, TaskId } from "./ids";

export const strategies = ["round-robin", "least-loaded", "random"] as const;
export type StrategyName = (typeof strategies)[number];

/**
 * Where the work happens: a pooled worktree on a branch of its own; the named folder itself; or such a worktree on a
 * server that serves this task alone.
 */
export const isolations = ["worktree", "in-place", "server"] as const;
export type Isolation = (typeof isolations)[number];

/** Where a task may be placed. An empty list means "anywhere"; the lists are joined by "and". */
export interface PlacementFilter {
  readonly instances: readonly InstanceId[];
  readonly hosts: readonly HostId[];
  readonly labels: readonly string[];
}

/** One prompt with its policy, as the user gave it. Fixed for the task's life. */
export interface TaskSpec {
  readonly prompt: string;
  /** Absolute path of the user's folder. */
  readonly directory: string;
  /** `provider/model`; the user's OpenCode default when absent. */
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  readonly variant?: string | undefined;
  /** Absolute paths of files sent along with the prompt. */
  readonly attachments: readonly string[];
  readonly isolation: Isolation;
  /** Take the uncommitted changes of the folder along into the worktree. */
  readonly withChanges: boolean;
  readonly attemptsMax: number;
  /** Run time of one attempt, waiting for a person not counted. */
  readonly runTimeMaxMs: number;
  /** Time a task may stay queued; 0 means no limit. */
  readonly queueTimeMaxMs: number;
  /** Tokens and US dollars of all attempts together; 0 means no limit. */
  readonly tokensMax: number;
  readonly costMax: number;
  /** Higher runs first. */
  readonly priority: number;
  /** Runs only once these have succeeded. */
  readonly after: readonly TaskId[];
  readonly filter: PlacementFilter;
  /** Overrides the configured strategy. */
  readonly strategy?: StrategyName | undefined;
  /** What its session may do without asking, given to OpenCode when the session is made. */
  readonly permissions?: readonly PermissionRule[] | undefined;
  /** Continue the session and worktree of this ended task. */
  readonly replyTo?: TaskId | undefined;
}

export const taskStates = ["queued", "running", "waiting", "succeeded", "failed", "cancelled"] as const;
/** `waiting`: a person must answer an ask first. The last three are final. */
export type TaskStateName = (typeof taskStates)[number];

export const attemptOutcomes = ["succeeded", "failed", "aborted", "lost"] as const;
/** `lost`: its instance or host vanished; the task is placed again. */
export type AttemptOutcome = (typeof attemptOutcomes)[number];

export interface Usage {
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** US dollars, as OpenCode reports them. */
  readonly cost: number;
}

/** What a task left behind in git. */
export interface BranchResult {
  /** Root of the user's repository. */
  readonly repository: string;
  readonly branch: string;
  /** Commit the branch started from. */
  readonly base: string;
  /** Newest commit of the branch; equals `base` when nothing changed. */
  readonly commit: string;
  readonly files: readonly string[];
  /** `octo merge` brought it into this branch, which then was at this commit. */
  readonly merged?: { readonly into: string; readonly commit: string } | undefined;
  /** `octo drop` or `octo gc` deleted the branch. */
  readonly dropped?: boolean | undefined;
}

/** One ended try. */
export interface AttemptRecord {
  readonly number: number;
  readonly instanceId: InstanceId;
  readonly incarnation: number;
  readonly sessionId?: string | undefined;
  readonly messageId?: string | undefined;
  readonly outcome: AttemptOutcome;
  readonly error?: ErrorInfo | undefined;
  readonly usage: Usage;
  readonly durationMs: number;
}

/** A task as clients see it. */
export interface TaskView {
  readonly id: TaskId;
  readonly state: TaskStateName;
  /** Finer than `state`, for people: "preparing the worktree", "model retries at 12:01". */
  readonly detail: string;
  readonly title: string;
  readonly prompt: string;
  readonly directory: string;
  readonly priority: number;
  readonly submittedAtEpochMs: number;
  readonly endedAtEpochMs?: number | undefined;
  readonly instanceId?: InstanceId | undefined;
  readonly sessionId?: string | undefined;
  readonly attempts: readonly AttemptRecord[];
  /** Number of the attempt under way, or of the last one; 0 before the first. */
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly usage: Usage;
  readonly runMs: number;
  readonly branch?: BranchResult | undefined;
  /** The model's last words, at most 64 KiB. */
  readonly text: string;
  readonly error?: ErrorInfo | undefined;
  readonly replyTo?: TaskId | undefined;
}
