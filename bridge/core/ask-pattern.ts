/**
 * Does the text fit the pattern, from its first character to its last? `*` is any text, also none and also `/` and line ends; `?` is
 * any one character; a pattern that ends with ` *` fits without that end too (`git *` fits `git`); `\\` counts as `/` on both sides.
 * Everything else is itself, case included. Source: `Wildcard.match` of OpenCode 1.18.33. Takes time in the order of both lengths
 * multiplied at most, whatever the pattern.
 */
export function fitsPattern(text: string, pattern: string): boolean {
  const subject = text.replaceAll("\\", "/");
  const wanted = pattern.replaceAll("\\", "/");
  return fits(subject, wanted) || (wanted.endsWith(" *") && fits(subject, wanted.slice(0, -2)));
}

function fits(text: string, pattern: string): boolean {
  let at = 0;
  let wanted = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    if (pattern[wanted] === "*") {
      star = wanted;
      resumeAt = at;
      wanted += 1;
    } else if (pattern[wanted] === "?" || pattern[wanted] === text[at]) {
      at += 1;
      wanted += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      resumeAt += 1;
      at = resumeAt;
      wanted = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[wanted] === "*") wanted += 1;
  return wanted === pattern.length;
}
