// Commits a second of the store, beside the floor of any durable store in the same run: append a line, fdatasync.
// And what a start costs with many ended tasks. Run: node --import tsx test/bench/store.bench.ts [folder]
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../bridge/adapters/storage/open-store";
import type { CommitBatch, StoredTask } from "../../bridge/ports/store";

const commits = 2_000;
const endedTasks = 20_000;
const documentBytes = 2_000;

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "octo-bench-"));
const path = join(folder, "octo.db");

function report(name: string, count: number, work: (index: number) => void): void {
  const times: number[] = [];
  const startMs = performance.now();
  for (let index = 0; index < count; index += 1) {
    const beforeMs = performance.now();
    work(index);
    times.push(performance.now() - beforeMs);
  }
  const perSecond = Math.round((count * 1_000) / (performance.now() - startMs));
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.min(count - 1, Math.floor(count * share))] ?? 0).toFixed(2);
  console.log(`${name.padEnd(46)} ${String(perSecond).padStart(7)}/s  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  max ${at(1)} ms`);
}

function task(index: number, endedAtEpochMs?: number): StoredTask {
  return { id: `tsk_${index}`, json: "x".repeat(documentBytes), state: "running", submittedAtEpochMs: index, endedAtEpochMs };
}

function batch(index: number, tasks: readonly StoredTask[]): CommitBatch {
  const request = { requestId: `req_${index}`, method: "submit", digest: "d".repeat(64), resultJson: "{}", atEpochMs: index };
  return {
    clockMs: index,
    tasks,
    instances: [{ id: "ins_1", json: "x".repeat(500) }],
    removedInstances: [],
    requests: [request],
    spend: [],
    happenings: [],
    asks: [],
    removedAsks: [],
    audits: [],
  };
}

try {
  const log = openSync(join(folder, "floor.log"), "a");
  report("floor: append 2 kB + fdatasync", commits, () => {
    writeSync(log, "x".repeat(documentBytes));
    fdatasyncSync(log);
  });
  closeSync(log);

  const store = openStore({ path });
  report("commit: 1 task of 2 kB, 1 instance, 1 request", commits, (index) => store.commit(batch(index, [task(index % 50)])));
  report("commit: 20 tasks of 2 kB", commits / 4, (index) => {
    store.commit(
      batch(
        commits + index,
        Array.from({ length: 20 }, (_, slot) => task(slot)),
      ),
    );
  });
  for (let index = 0; index < endedTasks; index += 500) {
    const tasks = Array.from({ length: 500 }, (_, offset) => task(1_000 + index + offset, index));
    store.commit(batch(2 * commits + index, tasks));
  }
  report("list: newest 100 tasks", 200, () => store.tasks({ limit: 100 }));
  report("find one task", 2_000, (index) => store.task(`tsk_${1_000 + index}`));
  report("check free space", 2_000, () => store.checkFreeSpace());
  store.close();

  const megabytes = Math.round(statSync(path).size / 1_000_000);
  report(`open and load, ${endedTasks} ended tasks (${megabytes} MB)`, 5, () => {
    const opened = openStore({ path });
    opened.load();
    opened.close();
  });
  const pruned = openStore({ path });
  report("prune 1,000 tasks", 10, () => pruned.prune({ endedBeforeEpochMs: endedTasks, requestsBeforeEpochMs: 0 }));
  pruned.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
