import type { HostId } from "../../../shared/ids";
import type { HostEvent } from "../../core/event";
import type { CoreState } from "../../core/state";
import type { Clock } from "../../ports/clock";
import type { InstanceLinks } from "../instance-links";

export interface ModelWatchParts {
  readonly clock: Clock;
  readonly links: Pick<InstanceLinks, "get">;
  readonly state: () => CoreState;
  readonly post: (event: HostEvent) => void;
}

/** Logins change seldom; a restarted server is asked at once. */
const askAgainMs = 10 * 60_000;
const tryAgainMs = 5_000;

interface Asked {
  /** Whom: a start of an instance. */
  readonly start: string;
  readonly nextAtMs: number;
}

/**
 * Learns what each host's logins offer, once there are hosts and a task that names a model: the question costs a server that knows no
 * folder yet a second or two of CPU.
 */
export function watchModels({ clock, links, state, post }: ModelWatchParts) {
  const asked = new Map<HostId, Asked>();
  let isWanted = false;
  let stopped = false;
  let cancel = (): void => undefined;

  async function ask(host: HostId): Promise<void> {
    const ready = [...state().instances.values()].find((each) => each.host === host && each.state.kind === "ready");
    const link = ready && links.get(ready.id);
    const before = asked.get(host);
    const start = `${ready?.id} ${ready?.incarnation}`;
    if (!link || (before?.start === start && clock.monotonicMs() < before.nextAtMs)) return;
    asked.set(host, { start, nextAtMs: clock.monotonicMs() + askAgainMs });
    try {
      const models = await link.client.models();
      if (!stopped) post({ kind: "host-models-listed", hostId: host, models });
    } catch {
      asked.set(host, { start, nextAtMs: clock.monotonicMs() + tryAgainMs });
    }
  }

  function look(): void {
    cancel();
    if (stopped || !isWanted) return;
    const { hosts } = state();
    if ([...hosts.values()].every(({ isHome }) => isHome)) return;
    for (const { id, link } of hosts.values()) if (link.kind === "up") void ask(id);
    cancel = clock.after(tryAgainMs, look);
  }

  return {
    /** Tasks were committed. */
    note(tasks: readonly { readonly spec: { readonly model?: string | undefined } }[]): void {
      isWanted ||= tasks.some(({ spec }) => spec.model !== undefined);
      if (isWanted) look();
    },
    stop(): void {
      stopped = true;
      cancel();
    },
  };
}
