/** How often something may be done: `burst` at once, and one more each `everyMs`. */
export interface BucketLimits {
  readonly burst: number;
  readonly everyMs: number;
}

export interface Bucket {
  /** As of `atMs`; fractions too, and less than none where it owes. */
  readonly tokens: number;
  /** Of a clock that only goes forward. */
  readonly atMs: number;
}

export function fullBucket(limits: BucketLimits, nowMs: number): Bucket {
  return { tokens: limits.burst, atMs: nowMs };
}

/** The bucket with one token less; undefined when there is none to take yet. */
export function takeToken(bucket: Bucket, limits: BucketLimits, nowMs: number): Bucket | undefined {
  const tokens = tokensAt(bucket, limits, nowMs);
  return tokens < 1 ? undefined : { tokens: tokens - 1, atMs: nowMs };
}

/** Takes tokens that are there or not: a bucket may owe, at most as much as a full one holds. */
export function chargeTokens(bucket: Bucket, limits: BucketLimits, tokens: number, nowMs: number): Bucket {
  return { tokens: Math.max(tokensAt(bucket, limits, nowMs) - tokens, -limits.burst), atMs: nowMs };
}

/** When there is a token to take. */
export function nextTokenMs({ tokens, atMs }: Bucket, { everyMs }: BucketLimits): number {
  return atMs + Math.ceil(Math.max(0, 1 - tokens) * everyMs);
}

function tokensAt(bucket: Bucket, limits: BucketLimits, nowMs: number): number {
  return Math.min(limits.burst, bucket.tokens + Math.max(0, nowMs - bucket.atMs) / limits.everyMs);
}
