import { nextRandom, type RandomState } from "./random";

/**
 * Exponential delay with jitter: between half of and the whole of `firstMs * 2^(try - 1)`, at most `maxMs`.
 * The lower half keeps a restart from hammering, the upper half keeps many from marching in step.
 */
export function backoffDelayMs(
  tryNumber: number,
  bounds: { readonly firstMs: number; readonly maxMs: number },
  random: RandomState,
): readonly [number, RandomState] {
  const [draw, next] = nextRandom(random);
  const whole = Math.min(bounds.maxMs, bounds.firstMs * 2 ** Math.min(tryNumber - 1, 30));
  return [Math.round(whole / 2 + (whole / 2) * draw), next];
}
