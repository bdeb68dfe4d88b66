/** Subjects that somebody took; the oldest are forgotten first. */
export class Claims {
  readonly #taken = new Set<string>();
  readonly #subjectsMax: number;

  constructor(subjectsMax: number) {
    this.#subjectsMax = subjectsMax;
  }

  has(subject: string): boolean {
    return this.#taken.has(subject);
  }

  /** True for the first who asks. */
  take(subject: string): boolean {
    if (this.#taken.has(subject)) return false;
    this.#taken.add(subject);
    const [oldest] = this.#taken;
    if (this.#taken.size > this.#subjectsMax && oldest !== undefined) this.#taken.delete(oldest);
    return true;
  }
}
