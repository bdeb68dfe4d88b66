import type { Event } from "../core/event";
import { type Instance, isServing } from "../core/instance";
import type { CoreState } from "../core/state";
import type { Clock } from "../ports/clock";
import type { ProcessUsage } from "../ports/processes";

const measureEveryMs = 15_000;
/** A server that does nothing keeps its memory: it is looked at each so many rounds. */
const restingRounds = 4;

/** Measures the memory of the living instances now and then; the returned function ends it. */
export function startMeasuring(parts: {
  readonly clock: Clock;
  readonly measureHome: () => Promise<void>;
  /** Of its server; undefined when nobody knows. */
  readonly usageOf: (instance: Instance) => Promise<ProcessUsage | undefined>;
  readonly state: () => CoreState;
  readonly post: (event: Event) => void;
}): () => void {
  let stopped = false;
  let rounds = 0;
  let cancel = parts.clock.after(measureEveryMs, round);
  return () => {
    stopped = true;
    cancel();
  };

  function round(): void {
    void measure().finally(() => {
      if (!stopped) cancel = parts.clock.after(measureEveryMs, round);
    });
  }

  async function measure(): Promise<void> {
    const isFull = rounds % restingRounds === 0;
    rounds += 1;
    await parts.measureHome();
    const measured: Event[] = [];
    for (const instance of parts.state().instances.values()) {
      if (!isServing(instance) || !(isFull || isNew(instance) || works(instance))) continue;
      const usage = await parts.usageOf(instance);
      const { id: instanceId, incarnation } = instance;
      if (usage) measured.push({ kind: "instance-measured", instanceId, incarnation, rssBytes: usage.rssBytes });
    }
    // All in one turn of the engine, not in one each.
    if (!stopped) for (const event of measured) parts.post(event);
  }

  function works({ id }: Instance): boolean {
    return (parts.state().tasks.loads.get(id)?.running ?? 0) > 0;
  }
}

function isNew({ health }: Instance): boolean {
  return health.rssBytes === undefined;
}
