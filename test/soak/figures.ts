import type { Client } from "../../bridge/cli/client";
import { parseMetrics } from "../../bridge/cli/parse-metrics";

/** What the bridge says of itself at one moment. */
export interface Sample {
  /** Frames of event streams that the servers had sent by then. */
  readonly events: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly descriptors: number;
}

export async function sampleOf(client: Client, events: number): Promise<Sample> {
  const samples = parseMetrics(await client.metrics());
  const of = (name: string): number => samples.find((sample) => sample.name === name)?.value ?? Number.NaN;
  return {
    events,
    rssBytes: of("process_resident_memory_bytes"),
    heapBytes: of("nodejs_heap_used_bytes"),
    descriptors: of("process_open_fds"),
  };
}

/** The middle of each figure in each quarter of the events. */
export function quartersOf(samples: readonly Sample[], eventsMax: number): readonly Sample[] {
  return [0, 1, 2, 3].map((quarter) => {
    const own = samples.filter(({ events }) => Math.min(3, Math.floor((events / eventsMax) * 4)) === quarter);
    const middle = (figure: keyof Sample): number => {
      const values = own.map((sample) => sample[figure]).sort((a, b) => a - b);
      return values[Math.floor(values.length / 2)] ?? Number.NaN;
    };
    return { events: middle("events"), rssBytes: middle("rssBytes"), heapBytes: middle("heapBytes"), descriptors: middle("descriptors") };
  });
}
