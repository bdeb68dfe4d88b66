import { seededRandom } from "../helpers/seeded-random";

/** The one source of everything that a simulation does not decide itself. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  happens(probability: number): boolean {
    return probability > 0 && this.#next() < probability;
  }

  /** A whole number, both ends included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.#next() * (max - min + 1));
  }

  /** As often between 1 and 10 as between 10 and 100: for spans of time. */
  span(minMs: number, maxMs: number): number {
    return Math.round(minMs * (maxMs / minMs) ** this.#next());
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#next() * items.length)];
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => Math.floor(this.#next() * 256));
  }
}
