/**
 * How well texts about one thing fit what a person typed; undefined when they do not. Every word must be in one of them, never in two
 * halves: as it is (the earlier the better, at the beginning of a word best), or with other letters between its own.
 */
export function fuzzyScore(query: string, ...texts: readonly string[]): number | undefined {
  const hays = texts.map((text) => text.toLowerCase());
  let score = 0;
  for (const word of query.toLowerCase().split(/\s+/)) {
    if (word === "") continue;
    const found = hays.flatMap((hay) => wordScore(word, hay) ?? []);
    if (found.length === 0) return undefined;
    score += Math.max(...found);
  }
  return score;
}

function wordScore(word: string, hay: string): number | undefined {
  const at = hay.indexOf(word);
  if (at >= 0) return 1_000 + (at === 0 || /[^a-z0-9]/.test(hay.charAt(at - 1)) ? 500 : 0) - Math.min(at, 400);
  return scatteredScore(word, hay);
}

/** Letters in order, not too far apart: in long texts every short word would be found. */
function scatteredScore(word: string, hay: string): number | undefined {
  const first = hay.indexOf(word.charAt(0));
  if (word.length < 2 || first < 0) return undefined;
  let best: number | undefined;
  for (let start = first; start >= 0; start = hay.indexOf(word.charAt(0), start + 1)) {
    const end = endOf(word, hay, start);
    if (end === undefined) break;
    const spread = end - start - word.length;
    if (spread <= word.length * 2) best = Math.max(best ?? 0, 500 - spread);
  }
  return best;
}

function endOf(word: string, hay: string, start: number): number | undefined {
  let at = start - 1;
  for (const letter of word) {
    at = hay.indexOf(letter, at + 1);
    if (at < 0) return undefined;
  }
  return at + 1;
}
