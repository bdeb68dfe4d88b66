/** Named gates that answers wait at. A gate stays open once released, so releasing early is no race. */
export class Gates {
  readonly #released = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Names of the gates that an answer waits at now. */
  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  release(name: string): void {
    this.#released.add(name);
    for (const open of this.#waiting.get(name) ?? []) open();
  }

  /** Settles when the gate is open, the time is over, or the signal aborts; the caller looks at the signal. */
  async pass(name: string, limits: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<void> {
    if (this.#released.has(name) || limits.signal.aborted) return;
    const here = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, here);
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const timer = setTimeout(open, limits.timeoutMs);
    here.add(open);
    limits.signal.addEventListener("abort", open, { once: true });
    try {
      await opened;
    } finally {
      clearTimeout(timer);
      limits.signal.removeEventListener("abort", open);
      here.delete(open);
      if (here.size === 0) this.#waiting.delete(name);
    }
  }

  /** Closes all gates again; whoever waits goes on waiting. */
  reset(): void {
    this.#released.clear();
  }
}
