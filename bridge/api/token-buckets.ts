import { type Bucket, type BucketLimits, chargeTokens, fullBucket, nextTokenMs, takeToken } from "../token-bucket";

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

/** A token bucket for each name. */
export class TokenBuckets {
  readonly #limits: BucketLimits;
  readonly #clientsMax: number;
  readonly #nowMs: () => number;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ perSecond, burstSeconds, clientsMax, nowMs }: BucketOptions) {
    this.#limits = { burst: perSecond * burstSeconds, everyMs: 1_000 / perSecond };
    this.#clientsMax = clientsMax;
    this.#nowMs = nowMs;
  }

  /** Takes one token. Else gives the ms until there is one, and takes nothing. */
  take(name: string): number {
    const nowMs = this.#nowMs();
    const bucket = this.#bucketOf(name, nowMs);
    const taken = takeToken(bucket, this.#limits, nowMs);
    this.#keep(name, taken ?? bucket);
    return taken ? 0 : Math.max(1, Math.ceil(nextTokenMs(bucket, this.#limits) - nowMs));
  }

  /** Takes tokens that are there or not: a bucket may owe, at most as much as a full one holds. */
  charge(name: string, tokens: number): void {
    const nowMs = this.#nowMs();
    this.#keep(name, chargeTokens(this.#bucketOf(name, nowMs), this.#limits, tokens, nowMs));
  }

  #bucketOf(name: string, nowMs: number): Bucket {
    return this.#buckets.get(name) ?? fullBucket(this.#limits, nowMs);
  }

  #keep(name: string, bucket: Bucket): void {
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#clientsMax) break;
      this.#buckets.delete(oldest);
    }
  }
}
