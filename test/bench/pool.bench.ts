// What octo costs beside OpenCode alone: real OpenCode, a model on loopback, prompts that each write a file. All ways in one run, in turns.
// Run: npm run bench -- pool [--pairs 5] [--counts 8,20]
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nativeBinary } from "../../bridge/adapters/opencode/launcher-native-binary";
import { startStandIn } from "../../bridge/demo/stand-in/server";
import { endWithUs } from "../helpers/end-with-us";
import { tempFolder } from "../helpers/temp-folder";
import { cpuMs, markName, markOf, peakPssBytes } from "./process-cost";
import { heading, median, verdict } from "./report";
import { makeRepository, promptsOf, type Way, type WayParts } from "./way";
import { apiWay } from "./way-api";
import { startOcto } from "./way-octo";
import { runWay } from "./way-run";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "5" }, counts: { type: "string", default: "8,20" } },
  allowPositionals: true,
});
const pairs = Number(values.pairs);
const counts = values.counts.split(",").map(Number);
const most = Math.max(...counts);
let rounds = 0;

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Medians of the pairs, and the peak of one more round in which only memory is looked at. */
interface Figures extends Cost {
  readonly pssBytes: number;
}

function nextPrompts(count: number): readonly string[] {
  rounds += 1;
  return promptsOf(count, `r${rounds}`);
}

async function costOf(way: Way, count: number): Promise<Cost> {
  const prompts = nextPrompts(count);
  const cpuBeforeMs = await cpuMs(way.mark);
  const startMs = performance.now();
  await way.run(prompts);
  const wallMs = performance.now() - startMs;
  return { wallMs, cpuMs: (await cpuMs(way.mark)) - cpuBeforeMs };
}

async function measure(ways: readonly Way[], count: number): Promise<ReadonlyMap<string, Figures>> {
  const costs = new Map(ways.map(({ name }): [string, Cost[]] => [name, []]));
  for (let pair = 0; pair < pairs; pair += 1) {
    // Each pair begins with another way, so that none is always first.
    for (const [index] of ways.entries()) {
      const way = ways[(index + pair) % ways.length];
      if (way) costs.get(way.name)?.push(await costOf(way, count));
    }
  }
  const figures = new Map<string, Figures>();
  for (const way of ways) {
    const own = costs.get(way.name) ?? [];
    const pssBytes = await peakPssBytes(way.mark, () => way.run(nextPrompts(count)));
    figures.set(way.name, { wallMs: median(own.map((cost) => cost.wallMs)), cpuMs: median(own.map((cost) => cost.cpuMs)), pssBytes });
  }
  return figures;
}

function show(name: string, { wallMs, cpuMs: cpu, pssBytes }: Figures): void {
  const memory = `${(pssBytes / 1024 / 1024).toFixed(0).padStart(6)} MB`;
  console.log(
    `  ${name.padEnd(34)} ${(wallMs / 1_000).toFixed(2).padStart(7)} s  ${(cpu / 1_000).toFixed(2).padStart(7)} CPU-s  ${memory}`,
  );
}

/** Of the API's time, or 100 ms more, whichever is kinder. */
function besideApi(what: string, octo: Figures, api: Figures): void {
  verdict(`${what}: time, of the bare API's`, { seen: octo.wallMs / api.wallMs, atMost: Math.max(1.05, 1 + 100 / api.wallMs), unit: "x" });
}

for (const name of ["run", "api", "octo-1", "octo-2", "octo-3"]) endWithUs({ mark: `${markName}=${markOf(name)}` });
await using temp = await tempFolder("octo-bench");
const program = await nativeBinary(join(import.meta.dirname, "../../node_modules/.bin/opencode"));
if (program === undefined) throw new Error("opencode-ai is installed without its program: run `npm ci`");
const standIn = await startStandIn();
try {
  await bench({ folder: temp.path, repository: await makeRepository(join(temp.path, "repository")), program, standInUrl: standIn.url });
} finally {
  await standIn.stop();
}

async function bench(parts: WayParts): Promise<void> {
  await mkdir(join(parts.folder, "clones"));
  const run = runWay(parts);
  await using api = await apiWay(parts);
  await using one = await startOcto({ ...parts, name: "octo-1", instances: 1, slots: most });
  await using two = await startOcto({ ...parts, name: "octo-2", instances: 2, slots: Math.ceil(most / 2) });
  const inPlace = one.way("octo, in place", parts.repository, "in-place");
  const pooled = one.way("octo, pooled worktrees", parts.repository, "worktree");
  const pooledTwo = two.way("octo, 2 instances, pooled worktrees", parts.repository, "worktree");
  const ways = [run, api, inPlace, pooled, pooledTwo];
  heading(`Warming up (one round of ${most} each)`);
  for (const way of ways) await way.run(nextPrompts(most));
  await pooledTwo.run(nextPrompts(most));
  for (const count of counts) report(count, await measure(ways, count), ways);
  const fresh: number[] = [];
  await using other = await startOcto({ ...parts, name: "octo-3", instances: 1, slots: 8 });
  await other.way("warm", parts.repository, "in-place").run(nextPrompts(1));
  for (let pair = 0; pair < pairs; pair += 1) {
    const clone = await makeRepository(join(parts.folder, "clones", String(pair)));
    fresh.push((await costOf(other.way("fresh", clone, "worktree"), 8)).wallMs);
  }
  heading("Fresh worktrees, for comparison");
  console.log(`  8 tasks in a repository that the server does not know yet: ${(median(fresh) / 1_000).toFixed(2)} s`);
}

function report(count: number, figures: ReadonlyMap<string, Figures>, ways: readonly Way[]): void {
  heading(`${count} prompts at once, medians of ${pairs} interleaved rounds; peak memory (PSS) of one more`);
  const [run, api, inPlace, pooled, pooledTwo] = ways.map(({ name }) => figures.get(name));
  if (!run || !api || !inPlace || !pooled || !pooledTwo) throw new Error("a way was not measured");
  for (const [name, each] of figures) show(name, each);
  besideApi("octo in place", inPlace, api);
  if (count === 8)
    verdict("8 tasks in pooled worktrees: time, of 8 sessions in one directory", {
      seen: pooled.wallMs / api.wallMs,
      atMost: 1.3,
      unit: "x",
    });
  for (const [name, octo] of [["octo, pooled worktrees", pooled] as const, ["octo, 2 instances", pooledTwo] as const]) {
    verdict(`${name}: time, of opencode run's`, { seen: octo.wallMs / run.wallMs, atMost: 0.15, unit: "x" });
  }
  verdict("octo: memory, of opencode run's", { seen: pooled.pssBytes / run.pssBytes, atMost: 0.2, unit: "x" });
}
