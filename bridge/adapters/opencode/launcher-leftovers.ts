import { setTimeout as pause } from "node:timers/promises";
import { OctoError } from "../../octo-error";
import type { Processes, ProcessIdentity } from "../../ports/processes";
import { processKey } from "../../process-identity";

const politeMs = 1_000;
const giveUpAfterMs = 10_000;
const roundMs = 50;

/** Processes by identity; collected before their parent is killed, as afterwards nothing ties them to it. */
export class ProcessSet {
  readonly #byKey = new Map<string, ProcessIdentity>();

  add(identities: readonly ProcessIdentity[]): void {
    for (const identity of identities) this.#byKey.set(processKey(identity), identity);
  }

  /** Those that still live; the others are forgotten. */
  async alive(processes: Processes): Promise<readonly ProcessIdentity[]> {
    const living = await processes.living([...this.#byKey.values()]);
    this.#byKey.clear();
    this.add(living);
    return living;
  }
}

/**
 * Ends the processes in `known`, what `find` finds, and all their descendants: SIGTERM, after a second SIGKILL, until a census finds none.
 * Never touches this process. INSTANCE_LEFTOVERS when some live on after 10 s (a process waiting for a dead disk cannot be killed).
 */
export async function endLeftovers(
  processes: Processes,
  known: ProcessSet,
  find: () => Promise<readonly ProcessIdentity[]>,
): Promise<void> {
  const startedAtMs = performance.now();
  const warned = new Set<number>();
  for (;;) {
    known.add(others(await find()));
    const left = await known.alive(processes);
    if (left.length === 0) return;
    const ageMs = performance.now() - startedAtMs;
    if (ageMs > giveUpAfterMs) {
      throw new OctoError("INSTANCE_LEFTOVERS", `Processes ${left.map(({ pid }) => pid).join(", ")} live on after SIGKILL.`);
    }
    for (const identity of left) {
      known.add(others(await processes.descendants(identity)));
      if (ageMs > politeMs) await processes.signal(identity, "SIGKILL");
      else if (!warned.has(identity.pid)) {
        warned.add(identity.pid);
        await terminate(processes, identity);
      }
    }
    await pause(roundMs);
  }
}

function others(identities: readonly ProcessIdentity[]): readonly ProcessIdentity[] {
  return identities.filter(({ pid }) => pid !== process.pid);
}

/** A stopped process takes SIGTERM only when it goes on. */
async function terminate(processes: Processes, identity: ProcessIdentity): Promise<void> {
  await processes.signal(identity, "SIGTERM");
  await processes.signal(identity, "SIGCONT");
}
