import type { InstanceId } from "../../shared/ids";

interface Start {
  readonly cancel: () => void;
  readonly done: Promise<void>;
}

/** Starts under way. Whoever ends an instance ends its start first: a process that came up later would belong to nobody. */
export class Starts {
  readonly #running = new Map<InstanceId, Start>();
  readonly #cancels = new Set<() => void>();

  constructor(stopping: AbortSignal) {
    // One listener for all of them: Node warns of a leak from the eleventh on.
    stopping.addEventListener("abort", () => {
      for (const cancel of this.#cancels) cancel();
    });
  }

  /** Runs a start that ends early when `end` or the bridge's stop says so. */
  async run(id: InstanceId, start: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    this.#cancels.add(cancel);
    const done = start(controller.signal).finally(() => {
      this.#cancels.delete(cancel);
      if (this.#running.get(id)?.done === done) this.#running.delete(id);
    });
    this.#running.set(id, { cancel, done });
    await done;
  }

  /** Settles when no start of the instance is under way. */
  async end(id: InstanceId): Promise<void> {
    const running = this.#running.get(id);
    running?.cancel();
    await running?.done.catch(() => undefined);
  }
}
