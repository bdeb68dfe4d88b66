import type { ErrorInfo } from "../../shared/errors";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import type { AttemptOutcome, AttemptRecord, BranchResult, StrategyName, TaskSpec, Usage } from "../../shared/task";
import type { TurnRetry } from "./turn";

/** Where one attempt works. */
export interface Workspace {
  /** The folder that OpenCode is given. */
  readonly directory: string;
  readonly branch?:
    | {
        readonly repository: string;
        /** Root of the pooled worktree. */
        readonly worktree: string;
        readonly name: string;
        readonly base: string;
      }
    | undefined;
}

/** Where a task's work begins, found out when it was submitted. */
export type TaskOrigin =
  | { readonly kind: "in-place"; readonly directory: string }
  | {
      readonly kind: "repository";
      readonly repository: string;
      readonly prefix: string;
      readonly branch: string;
      /** HEAD at submission, or the captured changes. */
      readonly base: string;
      /** Its project has a setup, which runs on this machine only. */
      readonly homeOnly?: boolean | undefined;
    };

/** An OpenCode session and the worktree it is bound to: a session keeps its directory for life (seen). */
export interface SessionRef {
  readonly instanceId: InstanceId;
  readonly sessionId: string;
  readonly directory: string;
  readonly slot: number;
}

/** What happens to the task when its attempt has ended. `retry-free` uses up no attempt. */
export const continuations = ["succeed", "fail", "cancel", "retry", "retry-free"] as const;
export type Continuation = (typeof continuations)[number];

/** How an attempt ends, decided before its work is collected. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly next: Continuation;
  readonly error?: ErrorInfo | undefined;
  /** Not again before this instant (rate limits). */
  readonly notBeforeMs?: number | undefined;
}

/** `dueAtMs`: when the next effect of the phase is due; absent while one is under way. */
export type AttemptPhase =
  | { readonly kind: "preparing" }
  | { readonly kind: "opening"; readonly tries: number; readonly dueAtMs?: number | undefined }
  | { readonly kind: "sending" }
  /** 204 came; that says nothing about a turn. */
  | { readonly kind: "accepted"; readonly dueAtMs: number }
  /** Nobody knows whether the prompt arrived: find out by its message id, never send blindly. */
  | { readonly kind: "doubtful"; readonly tries: number; readonly dueAtMs?: number | undefined }
  | {
      readonly kind: "started";
      readonly progressAtMs: number;
      /** When the stream said that the turn may be over. */
      readonly settledAtMs?: number | undefined;
      readonly dueAtMs?: number | undefined;
      readonly retry?: TurnRetry | undefined;
    }
  /** A person must answer; holds no slot. */
  | { readonly kind: "waiting"; readonly askIds: readonly AskId[] }
  | {
      readonly kind: "aborting";
      readonly end: AttemptEnd;
      readonly tries: number;
      readonly dueAtMs?: number | undefined;
      /** Nothing of its turn was seen before the abort: the prompt may arrive yet. */
      readonly unseen?: boolean | undefined;
      /** Since when the server has said that it runs nothing. */
      readonly quietSinceMs?: number | undefined;
    }
  /** The turn is over; its work is being committed. */
  | { readonly kind: "collecting"; readonly end: AttemptEnd; readonly tries: number; readonly dueAtMs?: number | undefined };

/** One try of a task on one instance; while it exists, it is the lease of its slot. */
export interface Attempt {
  readonly number: number;
  readonly instanceId: InstanceId;
  /** Where its work is, also when the instance is removed before that is collected. Absent in what older bridges stored. */
  readonly host?: HostId | undefined;
  readonly incarnation: number;
  /** Index of the slot's pooled worktree; unique among the live attempts of an instance. */
  readonly slot: number;
  /** Raised with each effect asked for; an answer to an earlier one is dropped. */
  readonly step: number;
  /** Goes on in the session of an earlier attempt or task instead of a new one. */
  readonly resumes?: SessionRef | undefined;
  readonly workspace?: Workspace | undefined;
  readonly sessionId?: string | undefined;
  readonly messageId?: string | undefined;
  /** One for the text, one for each attachment. */
  readonly partIds: readonly string[];
  readonly sends: number;
  readonly phase: AttemptPhase;
  /** Asked to end while an effect that cannot be taken back was under way. */
  readonly ending?: AttemptEnd | undefined;
  /** Run time used up before `runningSinceMs`; waiting for a person counts nothing. */
  readonly ranMs: number;
  readonly runningSinceMs: number;
  readonly placedAtMs: number;
  /** Since when the link to its host is down: its clock stands, and nothing of it is due. */
  readonly heldSinceMs?: number | undefined;
  readonly usage: Usage;
  /** What of it was booked on days before this one. */
  readonly booked?: Usage | undefined;
  /** What the session reported last: a wrong model or agent leaves no message behind (seen). */
  readonly sessionError?: ErrorInfo | undefined;
}

export type TaskState =
  | { readonly kind: "queued"; readonly sinceMs: number; readonly notBeforeMs: number }
  | { readonly kind: "active"; readonly attempt: Attempt }
  | { readonly kind: "succeeded"; readonly endedAtEpochMs: number }
  | { readonly kind: "failed"; readonly endedAtEpochMs: number; readonly error: ErrorInfo }
  | { readonly kind: "cancelled"; readonly endedAtEpochMs: number; readonly error: ErrorInfo };

/** A scheduling decision with its reasons. */
export interface Placement {
  readonly instanceId: InstanceId;
  readonly strategy: StrategyName;
  readonly reasons: readonly string[];
}

/** One prompt that the user wants done. */
export interface Task {
  readonly id: TaskId;
  /** Order of submission. */
  readonly sequence: number;
  readonly spec: TaskSpec;
  readonly title: string;
  readonly origin: TaskOrigin;
  readonly submittedAtEpochMs: number;
  /** Dependencies that have not succeeded yet. */
  readonly blockedBy: readonly TaskId[];
  /** Must run in this session (a reply). */
  readonly pin?: SessionRef | undefined;
  /** The session of the latest attempt that had one. */
  readonly session?: SessionRef | undefined;
  readonly state: TaskState;
  readonly attempts: readonly AttemptRecord[];
  /** Ended attempts that count toward `attemptsMax`. */
  readonly attemptsUsed: number;
  /** Attempts before a person's retry: what they used up counts toward no limit any more. */
  readonly forgivenAttempts?: number | undefined;
  readonly placement?: Placement | undefined;
  readonly branch?: BranchResult | undefined;
  /** The model's last words. */
  readonly text: string;
}

export type ActiveTask = Task & { readonly state: { readonly kind: "active"; readonly attempt: Attempt } };

export type QueuedTask = Task & { readonly state: { readonly kind: "queued"; readonly sinceMs: number; readonly notBeforeMs: number } };

export function isQueued(task: Task): task is QueuedTask {
  return task.state.kind === "queued";
}

export function isActive(task: Task): task is ActiveTask {
  return task.state.kind === "active";
}

export function hasEnded(task: Task): boolean {
  return task.state.kind === "succeeded" || task.state.kind === "failed" || task.state.kind === "cancelled";
}

/** Run time of an attempt so far. */
export function ranMs(attempt: Attempt, nowMs: number): number {
  return attempt.phase.kind === "waiting" || attempt.heldSinceMs !== undefined
    ? attempt.ranMs
    : attempt.ranMs + (nowMs - attempt.runningSinceMs);
}

/** How its end was decided; undefined while it goes on. */
export function decidedEnd({ phase, ending }: Attempt): AttemptEnd | undefined {
  return "end" in phase ? phase.end : ending;
}
