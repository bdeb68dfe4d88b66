export interface ReconnectPolicy {
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
  /** A stream that lived this long is tried again at once. */
  readonly stableMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/**
 * How long to wait before the next try, after `failures` failed ones in a row: at once after the first, then twice as long each time
 * up to the maximum, less a random part of up to half, so that many streams do not come back together.
 */
export function reconnectDelayMs(failures: number, policy: ReconnectPolicy): number {
  if (failures <= 1) return 0;
  const fullMs = Math.min(policy.delayMaxMs, policy.delayMinMs * 2 ** Math.min(failures - 2, 30));
  return fullMs * (1 - policy.random() / 2);
}
