import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { PlantedBug } from "./planted-bugs";
import type { SimulationResult } from "./simulation";

export interface SeedsRequest {
  readonly first: number;
  readonly count: number;
  readonly planted?: PlantedBug | undefined;
  /** Ends early once so many seeds have failed. */
  readonly failuresMax?: number | undefined;
  readonly onResult?: ((result: SimulationResult) => void) | undefined;
}

export interface SeedsSummary {
  readonly seeds: number;
  readonly failures: readonly SimulationResult[];
  readonly events: number;
  readonly tasks: number;
  readonly turns: number;
  readonly deaths: number;
  readonly dropped: number;
  readonly seconds: number;
}

/** Simulates seeds on all cores. */
export async function runSeeds(request: SeedsRequest): Promise<SeedsSummary> {
  const folder = await mkdtemp(join(tmpdir(), "octo-sim-"));
  const startedAtMs = performance.now();
  const results: SimulationResult[] = [];
  const failures = (): readonly SimulationResult[] => results.filter(({ violations }) => violations.length > 0);
  try {
    const file = await buildWorker(folder);
    let next = request.first;
    const take = (): number | undefined => {
      const isOver = next >= request.first + request.count || failures().length >= (request.failuresMax ?? Number.POSITIVE_INFINITY);
      next += 1;
      return isOver ? undefined : next - 1;
    };
    const note = (result: SimulationResult): void => {
      results.push(result);
      request.onResult?.(result);
    };
    await Promise.all(Array.from({ length: availableParallelism() }, () => work(file, request.planted, take, note)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const sum = (of: (result: SimulationResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  return {
    seeds: results.length,
    failures: [...failures()].sort((a, b) => a.seed - b.seed),
    events: sum(({ events }) => events),
    tasks: sum(({ tasks }) => tasks),
    turns: sum(({ turns }) => turns),
    deaths: sum(({ deaths }) => deaths),
    dropped: sum(({ dropped }) => dropped),
    seconds: (performance.now() - startedAtMs) / 1_000,
  };
}

/** As one file: a worker that loads TypeScript would start slowly. */
async function buildWorker(folder: string): Promise<string> {
  const outfile = join(folder, "worker.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    mainFields: ["module", "main"],
  });
  return outfile;
}

/** One worker until no seed is left. */
function work(
  file: string,
  planted: PlantedBug | undefined,
  take: () => number | undefined,
  note: (result: SimulationResult) => void,
): Promise<void> {
  const worker = new Worker(file, { workerData: { planted } });
  return new Promise<void>((resolve, reject) => {
    const give = (): void => {
      const seed = take();
      if (seed === undefined) resolve();
      else worker.postMessage(seed);
    };
    worker.on("message", (result: SimulationResult) => {
      note(result);
      give();
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("a worker of the simulator ended by itself")));
    give();
  }).finally(() => void worker.terminate());
}
