// The scheduler on made-up instances: how even, how good, how fast. Nothing is started; the core alone decides.
// Run: npm run bench -- scheduler, or node --expose-gc --import tsx test/bench/scheduler.bench.ts
import { type StrategyName, strategies } from "../../shared/task";
import { meanBurstRatio } from "../helpers/burst";
import { Fleet } from "../helpers/fleet";
import { heading, median, verdict } from "./report";

const seeds = 200;
const instanceCount = 200;
const slots = 4;
const sizes = [100, 1_000, 10_000] as const;
const goalPlacementMs = 1;

function evenness(): number {
  const fleet = new Fleet(
    Array.from({ length: 7 }, () => 1_000),
    "round-robin",
  );
  for (let task = 0; task < 1_000; task += 1) fleet.submit();
  const counts = fleet.placementCounts();
  return Math.max(...counts) - Math.min(...counts);
}

interface Run {
  readonly tasks: number;
  readonly usPerTask: number;
  readonly bytesPerTask: number;
  readonly placementMs: readonly number[];
}

function run(tasks: number, strategy: StrategyName): Run {
  const fleet = new Fleet(
    Array.from({ length: instanceCount }, () => slots),
    strategy,
  );
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const startMs = performance.now();
  for (let task = 0; task < tasks; task += 1) fleet.submit();
  const submittedMs = performance.now() - startMs;
  globalThis.gc?.();
  const bytesPerTask = (process.memoryUsage().heapUsed - heapBefore) / tasks;
  const restartMs = performance.now();
  for (let index = 0; index < tasks; index += 1) {
    const placed = fleet.placements[index];
    if (!placed) throw new Error(`only ${fleet.placements.length} of ${tasks} tasks were placed`);
    fleet.complete(placed.taskId);
  }
  const totalMs = submittedMs + performance.now() - restartMs;
  return { tasks, usPerTask: (totalMs * 1_000) / tasks, bytesPerTask, placementMs: fleet.placementMs.toSorted((a, b) => a - b) };
}

/** Of several runs: medians, and the times of all placements together. */
function typical(runs: readonly Run[]): Run {
  return {
    tasks: runs[0]?.tasks ?? 0,
    usPerTask: median(runs.map(({ usPerTask }) => usPerTask)),
    bytesPerTask: median(runs.map(({ bytesPerTask }) => bytesPerTask)),
    placementMs: runs.flatMap(({ placementMs }) => placementMs).toSorted((a, b) => a - b),
  };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

heading("Strategies");
verdict("round-robin: most and least tasks an instance, apart", { seen: evenness(), atMost: 1, unit: "" });
const ratios = Object.fromEntries(strategies.map((name) => [name, meanBurstRatio(name, seeds)]));
const [leastLoaded = Number.NaN, roundRobin = Number.NaN, random = Number.NaN] = [
  ratios["least-loaded"],
  ratios["round-robin"],
  ratios.random,
];
verdict("least-loaded: makespan of a burst on uneven loads, of the best possible", { seen: leastLoaded, atMost: 1.05, unit: "x" });
verdict("random: the same, above least-loaded and round-robin", { seen: random, atLeast: Math.max(leastLoaded, roundRobin), unit: "x" });
console.log(
  `  (round-robin: ${roundRobin.toFixed(2)} x; mean of ${seeds} seeded bursts on 12 instances of 4 to 8 slots, up to half of them busy)`,
);

for (const strategy of strategies) {
  heading(`Placement by ${strategy}: ${instanceCount} instances of ${slots} slots, everything queued at once`);
  run(1_000, strategy);
  const runs = sizes.map((tasks) => typical(Array.from({ length: Math.min(20, 10_000 / tasks) }, () => run(tasks, strategy))));
  for (const { tasks, usPerTask, bytesPerTask, placementMs } of runs) {
    const [median, p99, max] = [at(placementMs, 0.5), at(placementMs, 0.99), at(placementMs, 1)].map((ms) => ms.toFixed(3));
    const memory = globalThis.gc ? `${(bytesPerTask / 1_024).toFixed(1)} KiB a task` : "memory only with --expose-gc";
    console.log(
      `  ${String(tasks).padStart(6)} tasks: placement median ${median} ms, p99 ${p99}, max ${max}; ${usPerTask.toFixed(0).padStart(5)} us a task in all; ${memory}`,
    );
  }
  const [first, , last] = runs;
  if (!first || !last) continue;
  verdict(`placement with ${last.tasks} tasks, p99`, { seen: at(last.placementMs, 0.99), atMost: goalPlacementMs, unit: "ms" });
  const growth = last.usPerTask / first.usPerTask;
  verdict("time a task, of that with 100 tasks", { seen: growth, atMost: 1.5, unit: "x" });
  if (globalThis.gc)
    verdict("memory a task, of that with 100 tasks", { seen: last.bytesPerTask / first.bytesPerTask, atMost: 1.1, unit: "x" });
}
