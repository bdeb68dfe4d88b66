/** The moment of one engine turn. */
export interface Now {
  /** Engine clock: milliseconds in which some bridge ran (see runtime/engine-clock.ts); every deadline is on it. */
  readonly ms: number;
  /** Wall clock, only for what a person reads. */
  readonly epochMs: number;
}
