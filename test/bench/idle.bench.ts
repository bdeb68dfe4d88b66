// What a bridge costs that has nothing to do: 50 servers that are ready, 1,000 tasks that none of them may take. Beside it, Node's own HTTP
// server. The servers are fakes, a process each. `--seconds N` (60): how long it is watched.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eventually } from "../helpers/eventually";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { pssBytes } from "./process-cost";
import { heading, median, verdict } from "./report";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const watchedMs = Number(values.seconds) * 1_000;
const instanceCount = 50;
const taskCount = 1_000;
const bootTimeoutMs = 180_000;
const settleMs = 30_000;
const lookEveryMs = 1_000;
const megabyteBytes = 1024 * 1024;

await using world = await octoWorld({ config: { instances: { max: instanceCount } } });
await world.client.call("spawn_opencode_server", { count: instanceCount });
await allReady(world);
await fill(world);
const bare = await bareServer(world.folder);
try {
  await report(`a bridge with ${instanceCount} ready instances and ${taskCount} queued tasks, for ${watchedMs / 1_000} s`);
  await world.bridge().kill();
  await world.startBridge();
  await allReady(world);
  await report("the next bridge, which has found them running");
} finally {
  await bare.end();
  // 50 servers on few cores take longer than one call waits for.
  await eventually(
    async () => {
      if (world.bridge().isAlive()) await world.client.call("shut_down", { all: true }, { timeoutMs: bootTimeoutMs });
    },
    { timeoutMs: 2 * bootTimeoutMs },
  );
  await world.bridge().ended;
}

async function report(title: string): Promise<void> {
  await pause(settleMs);
  const [bridgeCost, bareCost] = await Promise.all([costOf(world.bridge().pid), costOf(bare.pid)]);
  heading(title);
  verdict("CPU", { seen: bridgeCost.cpuPercent, atMost: 0.5, unit: "%" });
  verdict("CPU of a bare HTTP server of Node", { seen: bareCost.cpuPercent, unit: "%" });
  verdict("memory (RSS)", { seen: bridgeCost.rssBytes / megabyteBytes, unit: "MB" });
  verdict("memory of a bare server (RSS)", { seen: bareCost.rssBytes / megabyteBytes, unit: "MB" });
  verdict("memory, times a bare server (RSS)", { seen: bridgeCost.rssBytes / bareCost.rssBytes, atMost: 1.8, unit: "" });
  verdict("memory (PSS)", { seen: bridgeCost.pssBytes / megabyteBytes, unit: "MB" });
  verdict("memory of a bare server (PSS)", { seen: bareCost.pssBytes / megabyteBytes, unit: "MB" });
}

async function allReady({ client }: OctoWorld): Promise<void> {
  await eventually(
    async () => {
      const { instances } = await client.call("list_opencode_servers", {});
      const ready = instances.filter(({ state }) => state === "ready").length;
      if (ready < instanceCount) throw new Error(`${ready} of ${instanceCount} are ready`);
    },
    { timeoutMs: bootTimeoutMs, intervalMs: 500 },
  );
}

/** Tasks for a label that no instance has: they stay in the queue, where each costs more than one that has ended. */
async function fill({ client, repository }: OctoWorld): Promise<void> {
  for (let count = 1; count <= taskCount; count += 1) {
    const prompt = `Task ${count}: ${"mend what is broken, and say what it was. ".repeat(5)}`;
    await client.call("distribute_task", { prompt, directory: repository, filter: { labels: ["nowhere"] } });
  }
}

async function bareServer(folder: string): Promise<{ readonly pid: number; end(): Promise<void> }> {
  const program = join(folder, "bare.mjs");
  await writeFile(program, 'import { createServer } from "node:http"; createServer((q, a) => a.end("{}")).listen(process.argv[2]);');
  const child = spawn(process.execPath, [program, join(folder, "bare.sock")], { stdio: "ignore" });
  const ended = once(child, "close");
  return {
    pid: child.pid ?? 0,
    async end() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

interface Cost {
  readonly cpuPercent: number;
  /** Median of looks, one a second. */
  readonly rssBytes: number;
  readonly pssBytes: number;
}

async function costOf(pid: number): Promise<Cost> {
  const startMs = performance.now();
  const cpuAtStartMs = await threadsCpuMs(pid);
  const rssBytes: number[] = [];
  while (performance.now() - startMs < watchedMs) {
    await pause(lookEveryMs);
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    rssBytes.push(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024);
  }
  const cpuMs = (await threadsCpuMs(pid)) - cpuAtStartMs;
  const tookMs = performance.now() - startMs;
  return { cpuPercent: (100 * cpuMs) / tookMs, rssBytes: median(rssBytes), pssBytes: await pssBytes(pid) };
}

/** Of all threads that live; to the nanosecond, where /proc/PID/stat counts ticks of 10 ms. */
async function threadsCpuMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const texts = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8")));
  return texts.reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1e6, 0);
}
