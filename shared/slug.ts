import type { TaskId } from "./ids";

/** Longest slug, so that branch names stay readable in a list. */
const slugLengthMax = 40;

// The plain letter, then the letters it stands for. A table, not String.normalize: this folder also compiles to Lua.
const plainLetters: readonly (readonly [string, string])[] = [
  ["a", "àáâãåāă"],
  ["ae", "äæ"],
  ["c", "çćč"],
  ["d", "ďđ"],
  ["e", "èéêëēě"],
  ["g", "ğ"],
  ["i", "ìíîïīı"],
  ["l", "łľ"],
  ["n", "ñńň"],
  ["o", "òóôõøō"],
  ["oe", "öœ"],
  ["r", "ř"],
  ["s", "śšş"],
  ["ss", "ß"],
  ["t", "ťţ"],
  ["u", "ùúûūů"],
  ["ue", "ü"],
  ["y", "ýÿ"],
  ["z", "źżž"],
];

// Accents as characters of their own, as macOS writes them: they vanish without a gap.
const combiningMarkMin = 0x300;
const combiningMarkMax = 0x36f;

function plain(letter: string): string {
  if ((letter >= "a" && letter <= "z") || (letter >= "0" && letter <= "9")) return letter;
  const found = plainLetters.find(([, letters]) => letters.includes(letter));
  return found === undefined ? "-" : found[0];
}

/**
 * The words of a prompt as a piece of a branch name: `a-z`, `0-9` and single hyphens inside, 1 to 40 characters, cut between words
 * where that keeps at least half. "task" when the prompt holds no such letter.
 */
export function slug(prompt: string): string {
  let text = "";
  const lower = prompt.substring(0, slugLengthMax * 8).toLowerCase();
  for (let index = 0; index < lower.length && text.length <= slugLengthMax; index++) {
    const unit = lower.charCodeAt(index);
    if (unit >= combiningMarkMin && unit <= combiningMarkMax) continue;
    const piece = plain(lower.charAt(index));
    if (piece === "-" && (text === "" || text.endsWith("-"))) continue;
    text += piece;
  }
  if (text.length > slugLengthMax) {
    const gap = text.substring(0, slugLengthMax + 1).lastIndexOf("-");
    text = text.substring(0, gap >= slugLengthMax / 2 ? gap : slugLengthMax);
  }
  if (text.endsWith("-")) text = text.substring(0, text.length - 1);
  return text === "" ? "task" : text;
}

/** `octo/<task-id>-<slug>`: the branch that a task's work is committed on. */
export function branchName(taskId: TaskId, taskSlug: string): string {
  return `octo/${taskId}-${taskSlug}`;
}
