/** The first of `count` lines to show in `rows` rows so that line `at` is in sight, in the middle where there is room on both sides. */
export function windowStart(count: number, at: number, rows: number): number {
  return Math.min(Math.max(0, at - Math.floor(rows / 2)), Math.max(0, count - rows));
}

/** The lines around line `at` that fit. */
export function windowOf<Item>(items: readonly Item[], at: number, rows: number): readonly Item[] {
  const start = windowStart(items.length, at, rows);
  return items.slice(start, start + Math.max(0, rows));
}
