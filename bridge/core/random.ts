/** State of a pseudo-random generator: a value in the core's state, so that every decision can be replayed. */
export type RandomState = number;

/** A number in [0, 1) and the next state (mulberry32, public domain by Tommy Ettinger). */
export function nextRandom(state: RandomState): readonly [number, RandomState] {
  const next = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(next ^ (next >>> 15), 1 | next);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return [((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296, next];
}
