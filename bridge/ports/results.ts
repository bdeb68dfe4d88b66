import type { TaskId } from "../../shared/ids";
import type { DropResult, GcReport, MergeMode, MergeResult, OpenResult } from "../../shared/result";
import type { BranchResult } from "../../shared/task";

/** Where a task's branch is. */
export type BranchPlace = Pick<BranchResult, "repository" | "branch">;

export interface MergeRequest {
  readonly taskId: TaskId;
  readonly place: BranchPlace;
  /** The branch that the repository's working tree has checked out, when absent. */
  readonly into?: string | undefined;
  readonly mode?: MergeMode | undefined;
  /** Of the commit, where one is made; the title stands in for it. */
  readonly message?: string | undefined;
  readonly title: string;
}

export interface DropRequest {
  readonly taskId: TaskId;
  readonly result: BranchResult;
  /** Also what is merged nowhere. */
  readonly force: boolean;
  /** Raises once a task works on the branch again; asked until the branch goes, for git takes its time. */
  readonly checkFree?: (() => void) | undefined;
}

export interface OpenRequest {
  readonly taskId: TaskId;
  readonly place: BranchPlace;
}

/** A task that ended, as far as what it left concerns. */
export interface EndedWork {
  readonly taskId: TaskId;
  readonly endedAtEpochMs: number;
  readonly result?: BranchResult | undefined;
}

/** Asked again before anything goes: looking takes minutes where there is much. */
export type LiveIds = Pick<ReadonlySet<string>, "has">;

export interface CollectRequest {
  /** Roots of working trees whose branches `octo/…` are looked through. */
  readonly repositories: readonly string[];
  /** The newest task that ended on the branch; undefined when octo has forgotten it. */
  readonly endedWork: (branch: string) => EndedWork | undefined;
  /** Tasks that have not ended: nothing of theirs is touched. */
  readonly liveTasks: LiveIds;
  /** Branches that such tasks work on. */
  readonly liveBranches: LiveIds;
  readonly liveInstances: LiveIds;
  /** Only what ended before. */
  readonly endedBeforeEpochMs: number;
  readonly dryRun: boolean;
}

/**
 * What becomes of tasks' branches, in the user's repositories of this machine. Besides the one branch that is named, and the working
 * tree that has it checked out, nothing of the user's changes; no hook runs. Every git process has a deadline (GIT_TIMEOUT).
 */
export interface Results {
  /** BRANCH_UNKNOWN, MERGE_…, IDENTITY_MISSING, COMMIT_NOT_SIGNED, BRANCH_MOVED, GIT_TOO_OLD: then nothing has changed. Idempotent. */
  merge(request: MergeRequest): Promise<MergeResult>;
  /** BRANCH_NOT_MERGED, WORKTREE_DIRTY, BRANCH_CHECKED_OUT, BRANCH_MOVED: then nothing has changed. Idempotent. */
  drop(request: DropRequest): Promise<DropResult>;
  /** The working tree that has the branch checked out; made where there is none. BRANCH_UNKNOWN. Idempotent. */
  open(request: OpenRequest): Promise<OpenResult>;
  collect(request: CollectRequest): Promise<GcReport>;
}
