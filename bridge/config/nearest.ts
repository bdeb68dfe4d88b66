/** A name that is further away than this part of its length is another name, not a slip. */
const distanceMaxShare = 0.4;

/** The candidate that somebody who wrote `name` most likely meant; undefined when none is like it. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const written = name.toLowerCase().slice(0, 64);
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(written, candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(written.length, candidate.length) * distanceMaxShare)
    .sort((left, right) => left.distance - right.distance);
  return best?.candidate;
}

/** Letters added, left out, replaced or swapped (optimal string alignment). */
export function editDistance(left: string, right: string): number {
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      line.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (line[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = line;
  }
  return above[right.length] ?? 0;
}
