/** Runs one act after the other: for reading the state and committing what follows from it as one step. */
export class OneByOne {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as the act does; a failed one holds up none after it. */
  run<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
