export interface BucketOptions {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** A full bucket holds as many as come back in so long. */
  readonly burstSeconds: number;
  /** Buckets kept; the one used longest ago goes first, and comes back full. */
  readonly clientsMax: number;
  /** Of a clock that only goes forward. */
  readonly nowMs: () => number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket for each name. */
export class TokenBuckets {
  readonly #options: BucketOptions;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: BucketOptions) {
    this.#options = options;
  }

  /** Takes one token. Else gives the ms until there is one, and takes nothing. */
  take(name: string): number {
    const bucket = this.#filled(name);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) / this.#options.perSecond) * 1_000);
    bucket.tokens -= 1;
    return 0;
  }

  /** Takes tokens that are there or not: a bucket may owe, at most as much as a full one holds. */
  charge(name: string, tokens: number): void {
    const bucket = this.#filled(name);
    bucket.tokens = Math.max(bucket.tokens - tokens, -this.#full);
  }

  get #full(): number {
    return this.#options.perSecond * this.#options.burstSeconds;
  }

  #filled(name: string): Bucket {
    const { nowMs, perSecond, clientsMax } = this.#options;
    const atMs = nowMs();
    const known = this.#buckets.get(name);
    const tokens = known ? Math.min(this.#full, known.tokens + ((atMs - known.atMs) / 1_000) * perSecond) : this.#full;
    const bucket = { tokens, atMs };
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= clientsMax) break;
      this.#buckets.delete(oldest);
    }
    return bucket;
  }
}
