/** As `values.sort(compare).slice(0, count)` would give them, looking at each only once: few of thousands are listed. */
export function firstOf<Value>(values: readonly Value[], count: number, compare: (a: Value, b: Value) => number): readonly Value[] {
  const first: Value[] = [];
  for (const value of values) {
    const last = first.at(-1);
    if (first.length >= count && (last === undefined || compare(value, last) >= 0)) continue;
    first.splice(placeOf(value, first, compare), 0, value);
    if (first.length > count) first.pop();
  }
  return first;
}

/** Behind all that are as early. */
function placeOf<Value>(value: Value, sorted: readonly Value[], compare: (a: Value, b: Value) => number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, value) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
