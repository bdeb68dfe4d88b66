import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Registry } from "./registry";

/** Each sample wakes the process: at ten a second they were half of all wake-ups of an idle bridge. */
const sampleEveryMs = 500;

/** The bridge's own process: memory, CPU, open files, how late its event loop is. The returned function ends the sampling. */
export function processMetrics(registry: Registry, openFilesMax: number | undefined): () => void {
  const loop = monitorEventLoopDelay({ resolution: sampleEveryMs });
  loop.enable();
  const gauge = (name: string, help: string, read: () => number): void =>
    registry.reading("gauge", name, help, [], () => [{ value: read() }]);

  gauge("process_resident_memory_bytes", "Resident memory.", () => process.memoryUsage.rss());
  gauge("nodejs_heap_used_bytes", "JavaScript heap in use.", () => process.memoryUsage().heapUsed);
  gauge("process_open_fds", "Open file descriptors.", openFiles);
  if (openFilesMax !== undefined) gauge("process_max_fds", "How many files it may have open.", () => openFilesMax);
  gauge("process_start_time_seconds", "When the process started, since the epoch.", () =>
    Math.round(Date.now() / 1_000 - process.uptime()),
  );
  registry.reading("counter", "process_cpu_seconds_total", "CPU time, user and system.", [], () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1_000_000 }];
  });
  registry.reading("gauge", "octo_event_loop_lag_seconds", "Lag of the event loop since the reading before.", ["quantile"], () => {
    // The samples are the whole intervals.
    const lag = (ns: number): number => (Number.isFinite(ns) ? Math.max(0, ns / 1e9 - sampleEveryMs / 1_000) : 0);
    const readings = [
      { labels: ["0.5"], value: lag(loop.percentile(50)) },
      { labels: ["0.99"], value: lag(loop.percentile(99)) },
      { labels: ["1"], value: lag(loop.max) },
    ];
    loop.reset();
    return readings;
  });
  return () => loop.disable();
}

/** -1 where the system does not tell. */
function openFiles(): number {
  try {
    // The folder itself is open while it is read.
    return readdirSync("/dev/fd").length - 1;
  } catch {
    return -1;
  }
}
