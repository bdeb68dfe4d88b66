/** A longer line is for a person to read. */
const charsMax = 2_000;
const wordsMax = 256;

/** Line ends and tabs aside: control characters, what is not seen or turns text round, spaces that no shell splits at. */
const unseen = /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
/** They change no file. Sticky. */
const harmlessRedirection = /\d?>(?:&\d|>?[ \t]*\/dev\/null)(?=[\s;&|]|$)/y;
const assignment = /^[A-Za-z_]\w*(?:\[.*\])?\+?=/;
/** With one of them a line is more than commands one after the other. */
const keyword =
  /^(?:!|if|then|elif|else|fi|for|select|while|until|do|done|case|esac|in|function|time|coproc|\[\[|noglob|nocorrect|repeat|foreach|end)$/;

/**
 * The commands of a line of a POSIX shell, each as its words without quotes, in their order. Undefined unless it is certain that the
 * line does nothing else: expansions, redirections to files, groups, assignments before a command, escapes, keywords and characters that
 * cannot be seen make it so.
 */
export function commandsOfLine(line: string): readonly (readonly string[])[] | undefined {
  if (line.length > charsMax || unseen.test(line)) return undefined;
  const commands: string[][] = [];
  let words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const separator = /^(?:[ \t]+|[;&|\n])/.exec(line.slice(at))?.[0];
    if (separator !== undefined) {
      at += separator.length;
      if (separator.trim() === "" && separator !== "\n") continue;
      if (words.length > 0) commands.push(words);
      words = [];
      continue;
    }
    harmlessRedirection.lastIndex = at;
    const redirection = harmlessRedirection.exec(line)?.[0];
    if (redirection !== undefined) {
      at += redirection.length;
      continue;
    }
    const read = readWord(line, at);
    if (!read || (words.length === 0 && !namesProgram(line.slice(at, read.endAt)))) return undefined;
    words.push(read.word);
    at = read.endAt;
  }
  if (words.length > 0) commands.push(words);
  return commands.length > 0 && commands.flat().length <= wordsMax ? commands : undefined;
}

function readWord(line: string, startAt: number): { readonly word: string; readonly endAt: number } | undefined {
  let word = "";
  let at = startAt;
  while (at < line.length) {
    const [plain = ""] = /^[^\s;&|'"$`\\<>(){}#!]+/.exec(line.slice(at)) ?? [];
    if (plain !== "") {
      word += plain;
      at += plain.length;
      continue;
    }
    const [quoted] = /^(?:'[^']*'|"[^"$`\\!]*")/.exec(line.slice(at)) ?? [];
    if (quoted === undefined) break;
    word += quoted.slice(1, -1);
    at += quoted.length;
  }
  const isWhole = at === line.length || /[\s;&|>]/.test(line[at] ?? "");
  return isWhole && at > startAt ? { word, endAt: at } : undefined;
}

/** As it is written: a pattern of file names may name any program. */
function namesProgram(text: string): boolean {
  return !(assignment.test(text) || keyword.test(text) || /[*?[\]]/.test(text));
}
