import type { Event } from "../core/event";
import { isServing } from "../core/instance";
import type { CoreState } from "../core/state";
import type { Clock } from "../ports/clock";
import type { HostKeeper } from "./hosts/host-keeper";
import { usageOf } from "./hosts/machines";

const measureEveryMs = 15_000;

/** Measures the memory of the living instances now and then; the returned function ends it. */
export function startMeasuring(parts: {
  readonly clock: Clock;
  readonly hosts: HostKeeper;
  readonly state: () => CoreState;
  readonly post: (event: Event) => void;
}): () => void {
  let stopped = false;
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
    await parts.hosts.measureHome();
    for (const instance of parts.state().instances.values()) {
      if (!isServing(instance)) continue;
      const usage = await usageOf(parts.hosts, instance);
      if (!usage || stopped) continue;
      parts.post({ kind: "instance-measured", instanceId: instance.id, incarnation: instance.incarnation, rssBytes: usage.rssBytes });
    }
  }
}
