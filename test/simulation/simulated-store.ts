import { OctoError } from "../../bridge/octo-error";
import type { CommitBatch, Store } from "../../bridge/ports/store";
import { type BridgeLife, Killed } from "./bridge-life";
import type { World } from "./world";

const lazyMs = 300;

/** The store as one bridge uses it: it may be slow, refuse, or be the last thing that the bridge saw. */
export function simulatedStore(world: World, life: BridgeLife): Store {
  const store = world.disk.open();
  const { chance, truth, time } = world;
  const keep = (batch: CommitBatch): void => {
    store.commit(batch);
    truth.committed(batch);
  };
  return {
    load: () => store.load(),
    commit(batch) {
      if (!life.goesOn("before a commit")) throw new Killed();
      if (chance.happens(world.faults.commitSlow)) time.nowMs += chance.span(100, 9_000);
      if (chance.happens(world.faults.commitFails)) {
        throw new OctoError(chance.pick(["STORE_FULL", "STORE_FAILED"] as const) ?? "STORE_FULL", "as the seed wants it");
      }
      // Planted: says that it is done before it is.
      if (world.planted === "effects-before-commit") time.after(chance.between(1, lazyMs), () => life.alive && keep(batch));
      else keep(batch);
      if (!life.goesOn("after a commit")) throw new Killed();
    },
    task: (id) => store.task(id),
    tasks: (query) => store.tasks(query),
    request: (requestId) => store.request(requestId),
    spent: (query) => store.spent(query),
    happenings: () => store.happenings(),
    settle: (ids) => store.settle(ids),
    audits: (query) => store.audits(query),
    prune: (request) => store.prune(request),
    checkFreeSpace: () => store.checkFreeSpace(),
    close: () => store.close(),
  };
}
