import type { TaskId } from "./ids";

/**
 * How a branch is brought into another one. `ff`: only when the other has nothing of its own since; `merge`: by a commit with two
 * parents; `squash`: by one commit that holds all of it. None of them given: `ff` where that can be, else `merge`.
 */
export const mergeModes = ["ff", "merge", "squash"] as const;
export type MergeMode = (typeof mergeModes)[number];

/** What a merge did to the branch that it names. */
export interface MergeResult {
  readonly taskId: TaskId;
  /** Root of the user's repository. */
  readonly repository: string;
  /** The task's branch, and its commit that was merged. */
  readonly branch: string;
  readonly tip: string;
  readonly into: string;
  /** `none`: everything was in there already. */
  readonly how: MergeMode | "none";
  /** Commits of `into` before and after. */
  readonly before: string;
  readonly after: string;
  /** Files that changed in `into`; at most 10,000. */
  readonly files: readonly string[];
  /** Working tree that has `into` checked out and was updated; absent where only the branch moved. */
  readonly checkout?: string | undefined;
  readonly notices: readonly string[];
}

export interface DropResult {
  readonly taskId: TaskId;
  readonly repository: string;
  readonly branch: string;
  /** What the branch held: `git branch NAME COMMIT` brings it back, until git collects its garbage (two weeks). */
  readonly commit: string;
  /** The branch was gone before. */
  readonly already: boolean;
}

/** Where a task's work can be looked at and changed by hand. */
export interface OpenResult {
  readonly taskId: TaskId;
  /** Absolute. */
  readonly path: string;
  readonly branch?: string | undefined;
  /** The task works there at this moment. */
  readonly live: boolean;
}

export const leftoverKinds = ["branch", "worktree", "opened", "saved", "ref"] as const;
/**
 * `branch`: of an ended task; `worktree`: of the pool, of an instance that is gone; `opened`: made by `octo open`; `saved`: what octo
 * found in its place and moved aside; `ref`: holds the changes that a task took along.
 */
export type LeftoverKind = (typeof leftoverKinds)[number];

export interface Leftover {
  readonly kind: LeftoverKind;
  /** Name of the branch or ref, else an absolute path. */
  readonly name: string;
  readonly repository?: string | undefined;
  /** What the branch or ref held. */
  readonly commit?: string | undefined;
  /** Why it goes or stays, as a sentence's end: "merged", "holds 3 uncommitted files". */
  readonly reason: string;
}

export interface GcReport {
  /** Removed; with `dryRun`: what would be. */
  readonly removed: readonly Leftover[];
  readonly kept: readonly Leftover[];
}

export interface MergeParams {
  readonly mode?: MergeMode | undefined;
  readonly into?: string | undefined;
  /** Of the commit that `merge` or `squash` makes. */
  readonly message?: string | undefined;
}
