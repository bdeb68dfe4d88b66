/** Time as the outside gives it. The engine derives its own clock from it (see runtime/engine-clock.ts). */
export interface Clock {
  /** Milliseconds of a clock that never goes back and does not count suspend. */
  monotonicMs(): number;
  /** Wall clock, only for what a person reads. */
  epochMs(): number;
  /** Calls once after the I/O of this round of the event loop; the returned function cancels. */
  soon(call: () => void): () => void;
  /** Calls once after `delayMs`; the returned function cancels. */
  after(delayMs: number, call: () => void): () => void;
}
