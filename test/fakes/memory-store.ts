import { OctoError } from "../../bridge/octo-error";
import type {
  AuditQuery,
  CommitBatch,
  LoadedState,
  PruneRequest,
  RequestRecord,
  SpendQuery,
  SpendSum,
  Store,
  StoredAsk,
  StoredAudit,
  StoredHappening,
  StoredInstance,
  StoredSpend,
  StoredTask,
  TaskQuery,
} from "../../bridge/ports/store";
import type { CostKey } from "../../shared/cost";

const atOnceMax = 1_000;

/** What an in-memory store keeps when its bridge dies. */
export class MemoryDisk {
  readonly tasks = new Map<string, StoredTask>();
  readonly instances = new Map<string, StoredInstance>();
  readonly asks = new Map<string, StoredAsk>();
  audits: readonly StoredAudit[] = [];
  readonly requests = new Map<string, RequestRecord>();
  readonly spend = new Map<string, StoredSpend>();
  readonly happenings = new Map<string, StoredHappening>();
  day: string | undefined;
  clockMs = 0;
  /** Commits that were kept. */
  commits = 0;
  /** `checkFreeSpace` refuses; commits still succeed, as from the ballast. */
  isFull = false;
  #failures: ("STORE_FULL" | "STORE_FAILED")[] = [];
  #opened: MemoryStore | undefined;

  /** Opens it as the next bridge would: an earlier store on it is closed, as if its process had been killed. */
  open(): Store {
    this.#opened?.close();
    this.#opened = new MemoryStore(this);
    return this.#opened;
  }

  /** The next commit raises this and keeps nothing; called twice, the next two do. */
  failNextCommit(code: "STORE_FULL" | "STORE_FAILED"): void {
    this.#failures.push(code);
  }

  takeFailure(): "STORE_FULL" | "STORE_FAILED" | undefined {
    return this.#failures.shift();
  }
}

/** The store port in memory, for engine tests and the simulator. Passes the same contract as the real one. */
class MemoryStore implements Store {
  readonly #disk: MemoryDisk;
  #isClosed = false;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  load(): LoadedState {
    this.#assertOpen();
    const open = [...this.#disk.tasks.values()].filter((task) => task.endedAtEpochMs === undefined);
    return {
      clockMs: this.#disk.clockMs,
      tasks: open.sort(bySubmission).map(({ json }) => json),
      instances: [...this.#disk.instances.values()].sort((a, b) => compare(a.id, b.id)).map(({ json }) => json),
      day: this.#disk.day,
      asks: [...this.#disk.asks.values()].sort((a, b) => compare(a.id, b.id)).map(({ json }) => json),
    };
  }

  commit(batch: CommitBatch): void {
    this.#assertOpen();
    const failure = this.#disk.takeFailure();
    if (failure !== undefined) throw new OctoError(failure, "the fake store was told to fail");
    const requestIds = batch.requests.map(({ requestId }) => requestId);
    const repeated = requestIds.find((id, index) => this.#disk.requests.has(id) || requestIds.indexOf(id) !== index);
    if (repeated !== undefined) throw new OctoError("INTERNAL", `request ${repeated} is stored already`);
    this.#disk.clockMs = batch.clockMs;
    for (const task of batch.tasks) this.#disk.tasks.set(task.id, task);
    for (const instance of batch.instances) this.#disk.instances.set(instance.id, instance);
    for (const id of batch.removedInstances) this.#disk.instances.delete(id);
    for (const ask of batch.asks) this.#disk.asks.set(ask.id, ask);
    for (const id of batch.removedAsks) this.#disk.asks.delete(id);
    this.#disk.audits = [...this.#disk.audits, ...batch.audits];
    for (const request of batch.requests) this.#disk.requests.set(request.requestId, request);
    for (const spend of batch.spend) this.#addSpend(spend);
    for (const happening of batch.happenings) {
      if (!this.#disk.happenings.has(happening.id)) this.#disk.happenings.set(happening.id, happening);
    }
    this.#disk.day = batch.day ?? this.#disk.day;
    this.#disk.commits += 1;
  }

  task(id: string): string | undefined {
    this.#assertOpen();
    return this.#disk.tasks.get(id)?.json;
  }

  tasks({ limit, before, ended, states }: TaskQuery): readonly string[] {
    this.#assertOpen();
    return [...this.#disk.tasks.values()]
      .filter((task) => before === undefined || bySubmission(task, before) < 0)
      .filter((task) => ended === undefined || ended === (task.endedAtEpochMs !== undefined))
      .filter((task) => states === undefined || states.includes(task.state))
      .sort((a, b) => bySubmission(b, a))
      .slice(0, Math.max(1, Math.min(limit, atOnceMax)))
      .map(({ json }) => json);
  }

  request(requestId: string): RequestRecord | undefined {
    this.#assertOpen();
    return this.#disk.requests.get(requestId);
  }

  audits({ taskId, sinceEpochMs, limit }: AuditQuery): readonly string[] {
    this.#assertOpen();
    return this.#disk.audits
      .filter((audit) => audit.atEpochMs >= sinceEpochMs && (taskId === undefined || audit.taskId === taskId))
      .reverse()
      .slice(0, Math.max(1, Math.min(limit, atOnceMax)))
      .map(({ json }) => json);
  }

  spent({ by, sinceDay = "" }: SpendQuery): readonly SpendSum[] {
    this.#assertOpen();
    return sumsBy(
      by,
      [...this.#disk.spend.values()].filter(({ day }) => day >= sinceDay),
    );
  }

  happenings(): readonly StoredHappening[] {
    this.#assertOpen();
    return [...this.#disk.happenings.values()];
  }

  settle(happeningIds: readonly string[]): void {
    this.#assertOpen();
    for (const id of happeningIds) this.#disk.happenings.delete(id);
  }

  #addSpend(spend: StoredSpend): void {
    const key = [spend.day, spend.taskId, String(spend.attempt).padStart(9, "0")].join("\n");
    const { tokensIn, tokensOut, cost } = this.#disk.spend.get(key) ?? { tokensIn: 0, tokensOut: 0, cost: 0 };
    const sum = { tokensIn: tokensIn + spend.tokensIn, tokensOut: tokensOut + spend.tokensOut, cost: cost + spend.cost };
    this.#disk.spend.set(key, { ...(this.#disk.spend.get(key) ?? spend), ...sum });
  }

  prune({ endedBeforeEpochMs, requestsBeforeEpochMs, spendBeforeDay = "" }: PruneRequest): number {
    this.#assertOpen();
    const tasks = [...this.#disk.tasks.values()]
      .flatMap(({ id, endedAtEpochMs }) => (endedAtEpochMs === undefined ? [] : [{ id, atEpochMs: endedAtEpochMs }]))
      .filter(({ atEpochMs }) => atEpochMs < endedBeforeEpochMs);
    const requests = [...this.#disk.requests.values()]
      .map(({ requestId, atEpochMs }) => ({ id: requestId, atEpochMs }))
      .filter(({ atEpochMs }) => atEpochMs < requestsBeforeEpochMs);
    const prunedAudits = oldest(
      this.#disk.audits
        .map(({ atEpochMs }, index) => ({ id: String(index).padStart(9, "0"), atEpochMs }))
        .filter(({ atEpochMs }) => atEpochMs < endedBeforeEpochMs),
    ).map(({ id }) => Number(id));
    this.#disk.audits = this.#disk.audits.filter((_, index) => !prunedAudits.includes(index));
    const prunedTasks = oldest(tasks);
    const prunedRequests = oldest(requests);
    for (const { id } of prunedTasks) this.#disk.tasks.delete(id);
    for (const { id } of prunedRequests) this.#disk.requests.delete(id);
    const prunedSpend = [...this.#disk.spend]
      .filter(([, { day }]) => day < spendBeforeDay)
      .map(([key]) => key)
      .sort(compare)
      .slice(0, atOnceMax);
    for (const key of prunedSpend) this.#disk.spend.delete(key);
    return prunedTasks.length + prunedAudits.length + prunedRequests.length + prunedSpend.length;
  }

  checkFreeSpace(): void {
    this.#assertOpen();
    if (this.#disk.isFull) throw new OctoError("STORE_FULL", "the fake disk was told to be full");
  }

  close(): void {
    this.#isClosed = true;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new OctoError("INTERNAL", "the fake store is closed");
  }
}

function sumsBy(by: CostKey, spend: readonly StoredSpend[]): readonly SpendSum[] {
  const keyOf = { day: "day", task: "taskId", instance: "instanceId", host: "host" } as const;
  const groups = new Map<string, StoredSpend[]>();
  for (const each of spend) groups.set(each[keyOf[by]], [...(groups.get(each[keyOf[by]]) ?? []), each]);
  const sums = [...groups].map(([key, group]) => ({
    key,
    name:
      group
        .map(({ instanceName }) => instanceName)
        .sort(compare)
        .at(-1) ?? "",
    attempts: new Set(group.map(({ taskId, attempt }) => `${taskId} ${attempt}`)).size,
    tokensIn: group.reduce((sum, { tokensIn }) => sum + tokensIn, 0),
    tokensOut: group.reduce((sum, { tokensOut }) => sum + tokensOut, 0),
    cost: group.reduce((sum, { cost }) => sum + cost, 0),
  }));
  return sums.sort((a, b) => (by === "day" ? compare(b.key, a.key) : b.cost - a.cost || compare(a.key, b.key)));
}

type Submitted = Pick<StoredTask, "id" | "submittedAtEpochMs">;
type Dated = { readonly id: string; readonly atEpochMs: number };

function oldest(rows: readonly Dated[]): readonly Dated[] {
  return [...rows].sort((a, b) => a.atEpochMs - b.atEpochMs || compare(a.id, b.id)).slice(0, atOnceMax);
}

function bySubmission(a: Submitted, b: Submitted): number {
  return a.submittedAtEpochMs - b.submittedAtEpochMs || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
