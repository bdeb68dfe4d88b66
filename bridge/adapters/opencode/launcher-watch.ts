import type { ExitInfo, Processes, ProcessIdentity } from "../../ports/processes";
import { processKey } from "../../process-identity";
import { isPidTaken } from "../../send-signal";

const checkIntervalMs = 500;
/**
 * So many checks of the pid alone, which cost nothing, and then one look: a zombie has its pid, and a pid may be another's by now. Tasks wait
 * for it: a container's first process may leave a zombie for seconds. A look at fifty takes 1.5 ms (measured).
 */
const checksPerLook = 2;

/** Waits for the end of processes that are not our children. */
export interface ExitWatch {
  /** Settles when it has ended; how it ended cannot be known. Never keeps this process alive. */
  exited(identity: ProcessIdentity): Promise<ExitInfo>;
}

/** One timer for all of them: fifty, each looked up in the system's table twice a second, would cost more than all else of an idle bridge. */
export function createExitWatch(processes: Processes): ExitWatch {
  const watched = new Map<ProcessIdentity, (exit: ExitInfo) => void>();
  let isChecking = false;

  async function checkUntilNoneIsLeft(): Promise<void> {
    isChecking = true;
    for (let checks = 0; watched.size > 0; checks += 1) {
      const doubted = [...watched.keys()].filter(({ pid }) => checks % checksPerLook === 0 || !isPidTaken(pid));
      if (doubted.length > 0) await look(doubted);
      await new Promise((resolve) => setTimeout(resolve, checkIntervalMs).unref());
    }
    isChecking = false;
  }

  async function look(identities: readonly ProcessIdentity[]): Promise<void> {
    // A failed look says nothing about the processes.
    const living = new Set((await processes.living(identities).catch(() => identities)).map(processKey));
    for (const identity of identities) {
      if (living.has(processKey(identity))) continue;
      watched.get(identity)?.({ code: null, signal: null });
      watched.delete(identity);
    }
  }

  return {
    exited: (identity) =>
      new Promise((resolve) => {
        watched.set(identity, resolve);
        if (!isChecking) void checkUntilNoneIsLeft();
      }),
  };
}
