import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommitBatch, RequestRecord, Store, StoredTask } from "../../bridge/ports/store";

/** Something stores are opened on, one after the other. */
export interface StoreDisk extends AsyncDisposable {
  open(): Store;
}

/** A batch that changes nothing but the clock, with `changes` over it. */
export function batch(changes: Partial<CommitBatch>): CommitBatch {
  const none = {
    tasks: [],
    instances: [],
    removedInstances: [],
    asks: [],
    removedAsks: [],
    audits: [],
    requests: [],
    spend: [],
    happenings: [],
  };
  return { clockMs: 1, ...none, ...changes };
}

export function storedTask(id: string, changes: Partial<StoredTask> = {}): StoredTask {
  return { id, json: `{"id":"${id}"}`, state: "queued", submittedAtEpochMs: 1_000, ...changes };
}

export function requestRecord(requestId: string, changes: Partial<RequestRecord> = {}): RequestRecord {
  return { requestId, method: "submit", digest: "d", resultJson: `"${requestId}"`, atEpochMs: 1_000, ...changes };
}

const ended = (id: string, endedAtEpochMs: number): StoredTask => storedTask(id, { state: "succeeded", endedAtEpochMs });
const raised = (code: string): unknown => expect.objectContaining({ code });

/** What every store promises. */
export function storeContract(name: string, makeDisk: () => Promise<StoreDisk>): void {
  describe(`${name} as a store`, () => {
    let disk: StoreDisk;
    let store: Store;

    beforeEach(async () => {
      disk = await makeDisk();
      store = disk.open();
    });
    afterEach(async () => {
      store.close();
      await disk[Symbol.asyncDispose]();
    });
    const reopen = (): void => {
      store.close();
      store = disk.open();
    };

    keepsWhatIsCommitted(() => store, reopen);
    findsTasks(() => store);
    keepsAsks(() => store, reopen);
    prunesWhatIsOld(() => store);

    it("refuses every call once closed, and may be closed twice", () => {
      store.close();
      store.close();
      expect(() => store.load()).toThrow(raised("INTERNAL"));
      expect(() => store.commit(batch({}))).toThrow(raised("INTERNAL"));
      expect(() => store.task("tsk_1")).toThrow(raised("INTERNAL"));
      expect(() => store.checkFreeSpace()).toThrow(raised("INTERNAL"));
    });
  });
}

function keepsWhatIsCommitted(store: () => Store, reopen: () => void): void {
  it("is empty at clock 0 when it is new", () => {
    expect(store().load()).toEqual({ clockMs: 0, tasks: [], instances: [], asks: [] });
    expect(store().tasks({ limit: 10 })).toEqual([]);
  });

  it("gives back after a reopening what was committed", () => {
    const instances = [
      { id: "ins_b", json: "B" },
      { id: "ins_a", json: "A" },
    ];
    store().commit(batch({ clockMs: 12.5, tasks: [storedTask("tsk_1")], instances, requests: [requestRecord("req_1")] }));
    reopen();
    expect(store().load()).toEqual({ clockMs: 12.5, tasks: ['{"id":"tsk_1"}'], instances: ["A", "B"], asks: [] });
    expect(store().request("req_1")).toEqual(requestRecord("req_1"));
    expect(store().request("req_2")).toBeUndefined();
  });

  it("keeps any text as it is", () => {
    const json = JSON.stringify({ text: `'";--\u0000\u2028🐙é\ud800${"x".repeat(1_000_000)}` });
    store().commit(batch({ tasks: [storedTask("tsk_1", { json })] }));
    reopen();
    expect(store().task("tsk_1")).toBe(json);
  });

  it("replaces a document by the newer one with its id", () => {
    store().commit(batch({ tasks: [storedTask("tsk_1")], instances: [{ id: "ins_1", json: "old" }] }));
    store().commit(batch({ tasks: [storedTask("tsk_1", { json: "new" })], instances: [{ id: "ins_1", json: "new" }] }));
    expect(store().load()).toMatchObject({ tasks: ["new"], instances: ["new"] });
  });

  it("forgets removed instances, also unknown ones", () => {
    store().commit(batch({ instances: [{ id: "ins_1", json: "1" }] }));
    store().commit(batch({ removedInstances: ["ins_1", "ins_2"] }));
    expect(store().load().instances).toEqual([]);
  });

  it("keeps nothing of a batch that it refuses", () => {
    store().commit(batch({ clockMs: 1, tasks: [storedTask("tsk_1")], requests: [requestRecord("req_1")] }));
    const refused = batch({
      clockMs: 2,
      tasks: [storedTask("tsk_1", { json: "changed" }), storedTask("tsk_2")],
      instances: [{ id: "ins_1", json: "1" }],
      requests: [requestRecord("req_2"), requestRecord("req_1", { digest: "other" })],
    });
    expect(() => store().commit(refused)).toThrow(raised("INTERNAL"));
    reopen();
    expect(store().load()).toEqual({ clockMs: 1, tasks: ['{"id":"tsk_1"}'], instances: [], asks: [] });
    expect(store().request("req_1")?.digest).toBe("d");
    expect(store().request("req_2")).toBeUndefined();
  });
}

function keepsAsks(store: () => Store, reopen: () => void): void {
  const audit = (json: string, atEpochMs: number, taskId?: string) => ({ json, atEpochMs, taskId });

  it("gives back open asks, and forgets those that are closed", () => {
    const asks = ["b", "a", "c"].map((id) => ({ id, json: id.toUpperCase() }));
    store().commit(batch({ asks }));
    store().commit(batch({ asks: [{ id: "b", json: "new" }], removedAsks: ["c", "d"] }));
    reopen();
    expect(store().load().asks).toEqual(["A", "new"]);
  });

  it("keeps the audit trail, the newest first, of one task or all, since an instant", () => {
    store().commit(batch({ audits: [audit("1", 1_000, "tsk_1"), audit("2", 2_000)] }));
    store().commit(batch({ audits: [audit("3", 3_000, "tsk_1")] }));
    reopen();
    expect(store().audits({ sinceEpochMs: 0, limit: 10 })).toEqual(["3", "2", "1"]);
    expect(store().audits({ sinceEpochMs: 0, limit: 2 })).toEqual(["3", "2"]);
    expect(store().audits({ sinceEpochMs: 2_000, limit: 10 })).toEqual(["3", "2"]);
    expect(store().audits({ sinceEpochMs: 0, limit: 10, taskId: "tsk_1" })).toEqual(["3", "1"]);
  });

  it("prunes the audit trail as it prunes tasks", () => {
    store().commit(batch({ audits: [audit("old", 1_000), audit("new", 5_000)] }));
    expect(store().prune({ endedBeforeEpochMs: 3_000, requestsBeforeEpochMs: 0 })).toBe(1);
    expect(store().audits({ sinceEpochMs: 0, limit: 10 })).toEqual(["new"]);
  });
}

function findsTasks(store: () => Store): void {
  it("leaves ended tasks out of what it loads, and still finds them by id", () => {
    store().commit(batch({ tasks: [storedTask("tsk_1"), ended("tsk_2", 2_000)] }));
    expect(store().load().tasks).toEqual(['{"id":"tsk_1"}']);
    expect(store().task("tsk_2")).toBe('{"id":"tsk_2"}');
    expect(store().task("tsk_3")).toBeUndefined();
  });

  it("loads a task again that was ended and is not any more", () => {
    store().commit(batch({ tasks: [ended("tsk_1", 2_000)] }));
    store().commit(batch({ tasks: [storedTask("tsk_1")] }));
    expect(store().load().tasks).toEqual(['{"id":"tsk_1"}']);
    expect(store().prune({ endedBeforeEpochMs: 9_000, requestsBeforeEpochMs: 0 })).toBe(0);
  });

  it("loads tasks oldest first and lists them newest first", () => {
    const at = (id: string, submittedAtEpochMs: number): StoredTask => storedTask(id, { json: id, submittedAtEpochMs });
    store().commit(batch({ tasks: [at("c", 2), at("a", 3), at("b", 1), at("d", 2)] }));
    expect(store().load().tasks).toEqual(["b", "c", "d", "a"]);
    expect(store().tasks({ limit: 10 })).toEqual(["a", "d", "c", "b"]);
  });

  it("pages through tasks of the same instant without a gap or a repetition", () => {
    const tasks = ["a", "b", "c", "d", "e"].map((id) => storedTask(id, { json: id }));
    store().commit(batch({ tasks }));
    expect(store().tasks({ limit: 2 })).toEqual(["e", "d"]);
    expect(store().tasks({ limit: 2, before: { submittedAtEpochMs: 1_000, id: "d" } })).toEqual(["c", "b"]);
    expect(store().tasks({ limit: 2, before: { submittedAtEpochMs: 1_000, id: "b" } })).toEqual(["a"]);
    expect(store().tasks({ limit: 2, before: { submittedAtEpochMs: 1_000, id: "a" } })).toEqual([]);
  });

  it("lists at least one task and at most 1,000", () => {
    const tasks = Array.from({ length: 1_001 }, (_, index) => storedTask(`tsk_${index}`));
    store().commit(batch({ tasks }));
    expect(store().tasks({ limit: 5_000 })).toHaveLength(1_000);
    expect(store().tasks({ limit: -1 })).toHaveLength(1);
  });

  it("lists only the tasks asked for", () => {
    const failed = storedTask("tsk_3", { json: "failed", state: "failed", endedAtEpochMs: 2_000 });
    store().commit(batch({ tasks: [storedTask("tsk_1", { json: "open" }), { ...ended("tsk_2", 2_000), json: "done" }, failed] }));
    expect(store().tasks({ limit: 10, ended: false })).toEqual(["open"]);
    expect(store().tasks({ limit: 10, ended: true })).toEqual(["failed", "done"]);
    expect(store().tasks({ limit: 10, states: ["failed", "queued"] })).toEqual(["failed", "open"]);
    expect(store().tasks({ limit: 10, ended: true, states: ["queued"] })).toEqual([]);
    expect(store().tasks({ limit: 10, states: [] })).toEqual([]);
  });
}

function prunesWhatIsOld(store: () => Store): void {
  it("prunes only ended tasks and requests before the given instants", () => {
    const requests = [requestRecord("req_1", { atEpochMs: 10 }), requestRecord("req_2", { atEpochMs: 20 })];
    store().commit(batch({ tasks: [storedTask("open"), ended("old", 10), ended("new", 20)], requests }));
    expect(store().prune({ endedBeforeEpochMs: 20, requestsBeforeEpochMs: 20 })).toBe(2);
    expect(["open", "old", "new"].map((id) => store().task(id) !== undefined)).toEqual([true, false, true]);
    expect(["req_1", "req_2"].map((id) => store().request(id) !== undefined)).toEqual([false, true]);
    expect(store().prune({ endedBeforeEpochMs: 20, requestsBeforeEpochMs: 20 })).toBe(0);
  });

  it("prunes the oldest 1,000 at a time", () => {
    const tasks = Array.from({ length: 1_001 }, (_, index) => ended(`tsk_${index}`, index));
    store().commit(batch({ tasks }));
    const all = { endedBeforeEpochMs: 9_000, requestsBeforeEpochMs: 0 };
    expect(store().prune(all)).toBe(1_000);
    expect(store().task("tsk_1000")).toBeDefined();
    expect([store().prune(all), store().prune(all)]).toEqual([1, 0]);
  });
}
