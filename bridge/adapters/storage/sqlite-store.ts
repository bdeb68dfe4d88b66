import type { Database } from "better-sqlite3";
import { z } from "zod";
import { OctoError } from "../../octo-error";
import type {
  AuditQuery,
  CommitBatch,
  LoadedState,
  PruneRequest,
  RequestRecord,
  SpendQuery,
  SpendSum,
  Store,
  StoredHappening,
  TaskQuery,
} from "../../ports/store";
import type { Ballast } from "./ballast";
import { prepareStatements, type Statements } from "./statements";
import { toStoreError } from "./storage-error";

const tasksAPageMax = 1_000;
const auditsAPageMax = 1_000;
const prunedAtOnceMax = 1_000;
const pagesGivenBackAtOnceMax = 4_000;
const pageBytes = 4_096;
/** The log is moved into the database after about so many pages: before SQLite would do it in the middle of a commit (see open-database.ts). */
const logPagesMax = 800;

const documentSchema = z.string().optional();
const documentsSchema = z.array(z.string());
const requestSchema = z
  .object({ requestId: z.string(), method: z.string(), digest: z.string(), resultJson: z.string(), atEpochMs: z.number() })
  .optional();

const happeningsSchema = z.array(z.object({ id: z.string(), json: z.string() }));
const spentSchema = z.array(
  z.object({
    key: z.string(),
    name: z.string(),
    attempts: z.number(),
    tokensIn: z.number(),
    tokensOut: z.number(),
    cost: z.number(),
  }),
);

/** The store on one SQLite connection, which it owns. */
export class SqliteStore implements Store {
  readonly #database: Database;
  readonly #ballast: Ballast;
  readonly #sql: Statements;
  /** Written since the log was moved last; an estimate. */
  #logPages = 0;
  #moving: NodeJS.Immediate | undefined;

  constructor(database: Database, ballast: Ballast) {
    this.#database = database;
    this.#ballast = ballast;
    this.#sql = prepareStatements(database);
  }

  load(): LoadedState {
    return this.#run(() => ({
      clockMs: z.number().parse(this.#sql.clock.get()),
      tasks: documentsSchema.parse(this.#sql.openTasks.all()),
      instances: documentsSchema.parse(this.#sql.instances.all()),
      day: documentSchema.parse(this.#sql.day.get()),
      asks: documentsSchema.parse(this.#sql.asks.all()),
    }));
  }

  commit(batch: CommitBatch): void {
    this.#write(() => {
      this.#sql.setClock.run(batch.clockMs);
      for (const { id, json, state, submittedAtEpochMs, endedAtEpochMs = null } of batch.tasks) {
        this.#sql.putTask.run({ id, json, state, submittedAtEpochMs, endedAtEpochMs });
      }
      for (const { id, json } of batch.instances) this.#sql.putInstance.run({ id, json });
      for (const id of batch.removedInstances) this.#sql.removeInstance.run(id);
      for (const { id, json } of batch.asks) this.#sql.putAsk.run({ id, json });
      for (const id of batch.removedAsks) this.#sql.removeAsk.run(id);
      for (const { taskId = null, atEpochMs, json } of batch.audits) this.#sql.addAudit.run({ taskId, atEpochMs, json });
      for (const request of batch.requests) this.#sql.addRequest.run(request);
      for (const spend of batch.spend) this.#sql.addSpend.run(spend);
      for (const happening of batch.happenings) this.#sql.addHappening.run(happening);
      if (batch.day !== undefined) this.#sql.putDay.run(batch.day);
    });
    this.#noteWritten(batch);
  }

  /** Moving the log takes milliseconds, which nobody who waits for a commit should: it is done once those have been answered. */
  #noteWritten({ tasks, instances, asks, audits, requests, spend, happenings }: CommitBatch): void {
    const bytes = [...tasks, ...instances, ...asks, ...audits].reduce((sum, { json }) => sum + json.length, 0);
    const rows = tasks.length + instances.length + asks.length + audits.length + requests.length + spend.length + happenings.length;
    this.#logPages += 1 + rows + bytes / pageBytes;
    if (this.#logPages < logPagesMax) return;
    this.#moving ??= setImmediate(() => {
      this.#moving = undefined;
      this.#logPages = 0;
      this.#checkpoint("PASSIVE");
    });
  }

  task(id: string): string | undefined {
    return this.#run(() => documentSchema.parse(this.#sql.task.get(id)));
  }

  tasks(query: TaskQuery): readonly string[] {
    const filter = {
      limit: Math.max(1, Math.min(query.limit, tasksAPageMax)),
      beforeAtEpochMs: query.before?.submittedAtEpochMs ?? Number.MAX_SAFE_INTEGER,
      beforeId: query.before?.id ?? "",
      ended: query.ended === undefined ? null : Number(query.ended),
      states: query.states === undefined ? null : JSON.stringify(query.states),
    };
    return this.#run(() => documentsSchema.parse(this.#sql.tasks.all(filter)));
  }

  request(requestId: string): RequestRecord | undefined {
    return this.#run(() => requestSchema.parse(this.#sql.request.get(requestId)));
  }

  audits({ taskId, sinceEpochMs, limit }: AuditQuery): readonly string[] {
    const filter = { taskId: taskId ?? null, sinceEpochMs, limit: Math.max(1, Math.min(limit, auditsAPageMax)) };
    return this.#run(() => documentsSchema.parse(this.#sql.audits.all(filter)));
  }

  spent({ by, sinceDay = "" }: SpendQuery): readonly SpendSum[] {
    return this.#run(() => spentSchema.parse(this.#sql.spent[by].all({ sinceDay })));
  }

  happenings(): readonly StoredHappening[] {
    return this.#run(() => happeningsSchema.parse(this.#sql.happenings.all()));
  }

  settle(happeningIds: readonly string[]): void {
    this.#write(() => {
      for (const id of happeningIds) this.#sql.settleHappening.run(id);
    });
  }

  prune({ endedBeforeEpochMs, requestsBeforeEpochMs, spendBeforeDay = "" }: PruneRequest): number {
    const removed = this.#write(
      () =>
        this.#sql.pruneTasks.run({ before: endedBeforeEpochMs, max: prunedAtOnceMax }).changes +
        this.#sql.pruneAudits.run({ before: endedBeforeEpochMs, max: prunedAtOnceMax }).changes +
        this.#sql.pruneRequests.run({ before: requestsBeforeEpochMs, max: prunedAtOnceMax }).changes +
        this.#sql.pruneSpend.run({ before: spendBeforeDay, max: prunedAtOnceMax }).changes,
    );
    if (removed > 0) this.#giveBackSpace();
    return removed;
  }

  checkFreeSpace(): void {
    this.#run(() => this.#ballast.checkFreeSpace());
  }

  close(): void {
    clearImmediate(this.#moving);
    this.#database.close();
  }

  /** One transaction; on a full disk once more with the space of the ballast. */
  #write<Result>(work: () => Result): Result {
    const transaction = this.#database.transaction(work);
    return this.#run(() =>
      this.#ballast.runWith(
        () => transaction.immediate(),
        () => this.#checkpoint("RESTART"),
      ),
    );
  }

  /** Moves the log into the database, so that the log is written from its start again and needs no new space. */
  #checkpoint(how: "PASSIVE" | "RESTART"): void {
    try {
      this.#database.pragma(`wal_checkpoint(${how})`);
    } catch {
      // The commit that is tried next says whether there is space.
    }
  }

  /** Shrinks the file by what `prune` removed: people prune when the disk is full. */
  #giveBackSpace(): void {
    try {
      this.#database.pragma(`incremental_vacuum(${pagesGivenBackAtOnceMax})`);
    } catch {
      // A full disk refuses this too; the pages stay in the file and are used again.
    }
  }

  #run<Result>(work: () => Result): Result {
    if (!this.#database.open) throw new OctoError("INTERNAL", `database ${this.#database.name} is closed`);
    try {
      return work();
    } catch (thrown) {
      throw toStoreError(thrown, this.#database.name);
    }
  }
}
