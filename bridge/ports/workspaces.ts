import type { InstanceId, TaskId } from "../../shared/ids";
import type { BranchResult } from "../../shared/task";
import type { WorkspaceSetup } from "../core/project";
import type { Workspace } from "../core/task";

export type { Workspace, WorkspaceSetup };

/** What the user's folder is. */
export type DirectoryInfo =
  | {
      readonly kind: "repository";
      /** Root of the working tree that holds the folder. */
      readonly root: string;
      /** The folder relative to `root`, "" at the root itself. */
      readonly prefix: string;
      /** Commit that HEAD names. */
      readonly head: string;
      /** Changed or untracked (not ignored) files, which a task does not see without `--with-changes`. */
      readonly dirtyFiles: number;
    }
  | { readonly kind: "plain" };

export interface PrepareRequest {
  readonly taskId: TaskId;
  /** One pooled worktree a slot of an instance and a repository. */
  readonly instanceId: InstanceId;
  readonly slot: number;
  readonly repository: string;
  readonly prefix: string;
  /** `octo/<task>-<slug>`; created from `base` when it does not exist, else taken up as it is. */
  readonly branch: string;
  readonly base: string;
  /** Of the repository's project. */
  readonly setup?: WorkspaceSetup | undefined;
}

export interface FinishRequest {
  readonly taskId: TaskId;
  readonly attempt: number;
  readonly workspace: Workspace;
  /** Subject of the commit, one line. */
  readonly subject: string;
}

export interface Diff {
  readonly text: string;
  /** There is more than `bytesMax`. */
  readonly truncated: boolean;
}

/** What a diff is made of; `commit` stands in for a branch that is gone. */
export type BranchWork = Pick<BranchResult, "repository" | "branch" | "base" | "commit">;

/**
 * Git worktrees and branches. Every call has a deadline (GIT_TIMEOUT), runs no hook, signs nothing, starts no maintenance and
 * changes nothing of the user's: HEAD, index, files, configuration.
 */
export interface Workspaces {
  /** DIRECTORY_MISSING, REPOSITORY_EMPTY, REPOSITORY_UNSUPPORTED (bare), GIT_MISSING. */
  inspect(directory: string): Promise<DirectoryInfo>;
  /**
   * A commit that holds HEAD and the uncommitted changes, untracked files included; the working tree stays as it is. A ref keeps it for
   * the task, where one is named, until `finish` or `Results.drop` or `collect`.
   */
  captureChanges(root: string, taskId?: TaskId): Promise<string>;
  /**
   * Idempotent: the same request gives the same worktree, on the branch, without what an earlier task left behind, and set up for its
   * project. WORKSPACE_SETUP_FAILED.
   */
  prepare(request: PrepareRequest): Promise<Workspace>;
  /**
   * Lets no working tree of this machine hold the branch: what a pooled one holds is committed on it, a clean one of `octo open` lets it
   * go. BRANCH_CHECKED_OUT where a person works on it.
   */
  release(place: Pick<BranchResult, "repository" | "branch">): Promise<void>;
  /** Commits everything on the branch and gives the branch free; idempotent. Undefined without a branch. */
  finish(request: FinishRequest): Promise<BranchResult | undefined>;
  /** Unified diff of base..branch; at most `bytesMax`. */
  diff(result: BranchWork, bytesMax: number): Promise<Diff>;
  /** Removes the pooled worktrees of an instance that hold no uncommitted work; returns the paths kept. */
  removePool(instanceId: InstanceId): Promise<readonly string[]>;
}
