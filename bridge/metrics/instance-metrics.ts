import type { InstanceId } from "../../shared/ids";
import type { CommittedTurn } from "../runtime/engine";
import type { Registry } from "./registry";

/** Counts starts of servers, and those that followed an end that nobody asked for. */
export function instanceMetrics(registry: Registry): (turn: CommittedTurn) => void {
  const starts = registry.counter("octo_instance_starts_total", "Servers that were started.");
  const restarts = registry.counter("octo_instance_restarts_total", "Starts of a server that had run before.");
  const exits = registry.counter("octo_instance_exits_total", "Servers that ended without being asked to.");
  const seen = new Map<InstanceId, { readonly incarnation: number; readonly lastExitAtMs: number }>();
  let isFirst = true;
  return ({ state, changedInstances }) => {
    for (const id of isFirst ? state.instances.keys() : changedInstances) {
      const instance = state.instances.get(id);
      const before = seen.get(id) ?? (isFirst ? undefined : { incarnation: 0, lastExitAtMs: Number.NEGATIVE_INFINITY });
      const lastExitAtMs = instance?.exitsAtMs.at(-1) ?? before?.lastExitAtMs ?? Number.NEGATIVE_INFINITY;
      if (!instance) seen.delete(id);
      else seen.set(id, { incarnation: instance.incarnation, lastExitAtMs });
      if (!instance || !before) continue;
      const started = instance.incarnation - before.incarnation;
      starts.add(started);
      restarts.add(before.incarnation === 0 ? Math.max(0, started - 1) : started);
      if (lastExitAtMs > before.lastExitAtMs) exits.add(1);
    }
    isFirst = false;
  };
}
