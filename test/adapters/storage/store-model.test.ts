import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openStore } from "../../../bridge/adapters/storage/open-store";
import { toErrorInfo } from "../../../bridge/octo-error";
import type { CommitBatch, PruneRequest, Store, StoredSpend, StoredTask, TaskQuery } from "../../../bridge/ports/store";
import { costKeys } from "../../../shared/cost";
import { requestRecord } from "../../contract/store-contract";
import { MemoryDisk } from "../../fakes/memory-store";
import { tempFolder } from "../../helpers/temp-folder";

type Step =
  | { readonly kind: "commit"; readonly batch: CommitBatch }
  | { readonly kind: "prune"; readonly request: PruneRequest }
  | { readonly kind: "list"; readonly query: TaskQuery }
  | { readonly kind: "settle"; readonly ids: readonly string[] }
  | { readonly kind: "reopen" };

// Few ids and instants, so that they meet.
const id = fc.constantFrom("a", "b", "c", "d");
const instant = fc.nat({ max: 4 });
const state = fc.constantFrom("queued", "running", "failed");
const task: fc.Arbitrary<StoredTask> = fc.record({
  id,
  json: fc.string(),
  state,
  submittedAtEpochMs: instant,
  endedAtEpochMs: fc.option(instant, { nil: undefined }),
});
const day = fc.constantFrom("2026-11-22", "2026-11-23", "2026-11-24");
const spend: fc.Arbitrary<StoredSpend> = fc.record({
  day,
  taskId: id,
  attempt: fc.integer({ min: 1, max: 11 }),
  instanceId: id,
  instanceName: id,
  host: id,
  tokensIn: fc.nat({ max: 9 }),
  tokensOut: fc.nat({ max: 9 }),
  // Exact in binary, so that no order of adding shows.
  cost: fc.nat({ max: 8 }).map((eighths) => eighths / 8),
});
const batch: fc.Arbitrary<CommitBatch> = fc.record({
  clockMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
  tasks: fc.array(task, { maxLength: 3 }),
  instances: fc.array(fc.record({ id, json: fc.string() }), { maxLength: 2 }),
  removedInstances: fc.array(id, { maxLength: 2 }),
  asks: fc.array(fc.record({ id, json: fc.string() }), { maxLength: 2 }),
  removedAsks: fc.array(id, { maxLength: 2 }),
  audits: fc.array(fc.record({ taskId: fc.option(id, { nil: undefined }), atEpochMs: instant, json: fc.string() }), { maxLength: 2 }),
  requests: fc.array(
    fc.tuple(fc.nat({ max: 30 }), instant).map(([number, atEpochMs]) => requestRecord(`req_${number}`, { atEpochMs })),
    { maxLength: 2 },
  ),
  spend: fc.array(spend, { maxLength: 2 }),
  happenings: fc.array(fc.record({ id, json: fc.string() }), { maxLength: 2 }),
  day: fc.option(fc.string(), { nil: undefined }),
});
const query: fc.Arbitrary<TaskQuery> = fc.record({
  limit: fc.integer({ min: -1, max: 5 }),
  before: fc.option(fc.record({ submittedAtEpochMs: instant, id }), { nil: undefined }),
  ended: fc.option(fc.boolean(), { nil: undefined }),
  states: fc.option(fc.array(state, { maxLength: 2 }), { nil: undefined }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: batch.map((made) => ({ kind: "commit" as const, batch: made })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ endedBeforeEpochMs: instant, requestsBeforeEpochMs: instant, spendBeforeDay: fc.option(day, { nil: undefined }) })
      .map((request) => ({ kind: "prune" as const, request })),
  },
  { weight: 3, arbitrary: query.map((made) => ({ kind: "list" as const, query: made })) },
  { weight: 1, arbitrary: fc.array(id, { maxLength: 2 }).map((ids) => ({ kind: "settle" as const, ids })) },
  { weight: 1, arbitrary: fc.constant({ kind: "reopen" as const }) },
);

/** What the step says, or the code it raises. */
function take(store: Store, step: Exclude<Step, { kind: "reopen" }>): unknown {
  try {
    if (step.kind === "commit") return store.commit(step.batch);
    if (step.kind === "settle") return store.settle(step.ids);
    return step.kind === "prune" ? store.prune(step.request) : store.tasks(step.query);
  } catch (thrown) {
    return toErrorInfo(thrown).code;
  }
}

function everythingIn(store: Store): unknown {
  const requests = Array.from({ length: 31 }, (_, number) => store.request(`req_${number}`));
  const spent = costKeys.flatMap((by) => [store.spent({ by }), store.spent({ by, sinceDay: "2026-11-23" })]);
  const audits = ["b", undefined].map((taskId) => store.audits({ taskId, sinceEpochMs: 3, limit: 100 }));
  return { ...store.load(), audits, spent, happenings: store.happenings(), all: store.tasks({ limit: 100 }), b: store.task("b"), requests };
}

it("does what the memory store does, whatever it is told", { timeout: 60_000 }, async () => {
  await using folder = await tempFolder();
  let runs = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const path = join(folder.path, `octo-${runs++}.db`);
      const disk = new MemoryDisk();
      let fake = disk.open();
      let real = openStore({ path, ballastBytes: 4_096 });
      try {
        for (const step of steps) {
          if (step.kind === "reopen") {
            real.close();
            real = openStore({ path, ballastBytes: 4_096 });
            fake = disk.open();
          } else expect(take(real, step)).toEqual(take(fake, step));
          expect(everythingIn(real)).toEqual(everythingIn(fake));
        }
      } finally {
        real.close();
      }
    }),
    { numRuns: 60 },
  );
});
