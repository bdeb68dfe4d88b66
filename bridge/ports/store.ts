import type { CostKey } from "../../shared/cost";

/** One task as the store sees it: a document, and the few figures it is found by. */
export interface StoredTask {
  readonly id: string;
  readonly json: string;
  readonly state: string;
  readonly submittedAtEpochMs: number;
  /** Present once the task has ended; only then may it be pruned, and `load` leaves it out. */
  readonly endedAtEpochMs?: number | undefined;
}

export interface StoredInstance {
  readonly id: string;
  readonly json: string;
}

export interface StoredAsk {
  readonly id: string;
  readonly json: string;
}

/** One entry of the audit trail; never changed once it is there. */
export interface StoredAudit {
  readonly taskId?: string | undefined;
  readonly atEpochMs: number;
  readonly json: string;
}

export interface AuditQuery {
  readonly taskId?: string | undefined;
  readonly sinceEpochMs: number;
  /** At least 1; more than 1,000 counts as 1,000. */
  readonly limit: number;
}

/** The answer to one command, kept so that a repeated request id gets the same answer. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  /** Digest of the parameters: the same id with others is REQUEST_REUSED. */
  readonly digest: string;
  readonly resultJson: string;
  readonly atEpochMs: number;
}

/** What one attempt used up on one day; more for the same adds up. */
export interface StoredSpend {
  /** `2026-11-23`, of the user's calendar. */
  readonly day: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly host: string;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cost: number;
}

/** Kept until it is settled: whoever must be told of it has been. */
export interface StoredHappening {
  readonly id: string;
  readonly json: string;
}

/** All that one turn of the engine changed. */
export interface CommitBatch {
  /** The engine clock at this turn, in ms of bridge run time. */
  readonly clockMs: number;
  /** New or changed; a document replaces the one with its id. */
  readonly tasks: readonly StoredTask[];
  readonly instances: readonly StoredInstance[];
  readonly removedInstances: readonly string[];
  readonly asks: readonly StoredAsk[];
  readonly removedAsks: readonly string[];
  readonly audits: readonly StoredAudit[];
  /** New ones; an id that is there already is a fault of the caller (INTERNAL). */
  readonly requests: readonly RequestRecord[];
  readonly spend: readonly StoredSpend[];
  readonly happenings: readonly StoredHappening[];
  /** Document of the day, when it changed. */
  readonly day?: string | undefined;
}

export interface LoadedState {
  /** Of the last commit; 0 in a new store. */
  readonly clockMs: number;
  /** Documents of the tasks that have not ended, oldest first. */
  readonly tasks: readonly string[];
  /** Documents, by id. */
  readonly instances: readonly string[];
  /** Document of the last day; absent before the first. */
  readonly day?: string | undefined;
  /** Documents of open asks, by id. */
  readonly asks: readonly string[];
}

export interface TaskQuery {
  /** At least 1; more than 1,000 counts as 1,000. */
  readonly limit: number;
  /** Only tasks older than this one: the last of the page before. */
  readonly before?: { readonly submittedAtEpochMs: number; readonly id: string } | undefined;
  readonly ended?: boolean | undefined;
  readonly states?: readonly string[] | undefined;
}

export interface SpendQuery {
  readonly by: CostKey;
  /** The first day that counts; all when absent. */
  readonly sinceDay?: string | undefined;
}

/** What was used up under one key: a day, or the id of a task, an instance or a host. */
export interface SpendSum {
  readonly key: string;
  /** Of the instance, as it was called last. */
  readonly name: string;
  readonly attempts: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cost: number;
}

export interface PruneRequest {
  readonly endedBeforeEpochMs: number;
  readonly requestsBeforeEpochMs: number;
  /** Spend of days before this one; left alone when absent. */
  readonly spendBeforeDay?: string | undefined;
}

/**
 * What survives the bridge. It has one writer, the engine, and knows nothing of what the documents say.
 * Every call is synchronous and may raise STORE_FAILED (the disk refuses) or STORE_CORRUPT; a call after `close` is INTERNAL.
 */
export interface Store {
  load(): LoadedState;
  /**
   * All of the batch or nothing of it; on the disk when it returns. STORE_FULL and STORE_FAILED: nothing of it is seen, and the
   * same batch may be committed again. (After STORE_FAILED and a crash of the machine the batch may be found whole: the
   * disk did not say whether it was written.)
   */
  commit(batch: CommitBatch): void;
  /** The document of a task, ended or not. */
  task(id: string): string | undefined;
  /** Documents, newest first by time of submission, then by id. */
  tasks(query: TaskQuery): readonly string[];
  request(requestId: string): RequestRecord | undefined;
  /** By key, at most 10,000: the newest days, else what cost most first. */
  spent(query: SpendQuery): readonly SpendSum[];
  /** Those that are not settled, oldest first. */
  happenings(): readonly StoredHappening[];
  /** Forgets them; unknown ones too. */
  settle(happeningIds: readonly string[]): void;
  /** Documents, the newest first. */
  audits(query: AuditQuery): readonly string[];
  /**
   * Removes tasks that ended, requests that came and what was spent before the given instants, at most 1,000 of each; returns how many.
   * Call again until it returns 0.
   */
  prune(request: PruneRequest): number;
  /** Raises STORE_FULL while there is no room for new work; what is under way may still commit from the reserve. */
  checkFreeSpace(): void;
  /** May be called twice. */
  close(): void;
}
