/** Whoever acquires registers the release here; they run once, in reverse order, each even when another fails. */
export class Releases {
  readonly #releases: (() => void | Promise<void>)[] = [];
  #done: Promise<void> | undefined;

  add(release: () => void | Promise<void>): void {
    this.#releases.push(release);
  }

  /** Idempotent. Raises the first failure after all have run. */
  releaseAll(): Promise<void> {
    this.#done ??= this.#run();
    return this.#done;
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const release of this.#releases.reverse()) {
      try {
        await release();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
