/** Of this run; `OCTO_FUZZ_SEED` repeats an earlier one. */
export const fuzzSeed = Number(process.env.OCTO_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Called once a file, so that a failure can be repeated. */
export function tellSeed(): void {
  console.log(`OCTO_FUZZ_SEED=${fuzzSeed}`);
}
