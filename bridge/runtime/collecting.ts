import type { Clock } from "../ports/clock";
import { collectGarbage } from "./collect-garbage";
import type { ServiceParts } from "./service-parts";

const dayMs = 24 * 60 * 60_000;
const firstMs = 10 * 60_000;

/** Once a day, what merged and dropped tasks left long enough ago goes by itself; the returned function ends it. */
export function startCollecting(
  parts: Pick<ServiceParts, "engine" | "store" | "results" | "clock" | "config">,
  log: (message: string, details: Record<string, unknown>) => void,
): () => void {
  const { gcAfterDays } = parts.config.results;
  if (gcAfterDays === 0) return () => undefined;
  let cancel: ReturnType<Clock["after"]> = parts.clock.after(firstMs, collect);
  return () => cancel();

  function collect(): void {
    cancel = parts.clock.after(dayMs, collect);
    collectGarbage(parts, { olderThanMs: gcAfterDays * dayMs, dryRun: false }).then(
      ({ removed }) => {
        // With the commit, which brings a branch back: git deletes its log with it.
        const names = removed.map(({ name, commit }) => (commit === undefined ? name : `${name} ${commit}`));
        if (names.length > 0) log("collected what merged and dropped tasks left", { removed: names });
      },
      (thrown: unknown) => log("nothing was collected", { reason: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
  }
}
