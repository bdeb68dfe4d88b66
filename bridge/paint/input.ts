/** What a person did at the keyboard. */
export type Input =
  /** A key by its name (`up`, `ctrl-c`, …), or the character that it types. */
  { readonly kind: "key"; readonly key: string } | { readonly kind: "paste"; readonly text: string };

/** Bytes that mean nothing yet: the beginning of a sequence, or of a paste. */
export interface Unread {
  readonly sequence: string;
  readonly paste?: string | undefined;
}

export const nothingUnread: Unread = { sequence: "" };

const pasteBegin = "\u001b[200~";
const pasteEnd = "\u001b[201~";
/** A person's way out of a paste whose end was lost on the way, where all keys would go into it for ever. Nobody's paste is this one byte. */
const wayOut = "\u0003";
/** Longest paste that is kept; no prompt may be longer. */
const pasteCharsMax = 1024 * 1024;
const sequenceCharsMax = 32;

const names: Readonly<Record<string, string>> = {
  "\u001b[A": "up",
  "\u001bOA": "up",
  "\u001b[B": "down",
  "\u001bOB": "down",
  "\u001b[C": "right",
  "\u001bOC": "right",
  "\u001b[D": "left",
  "\u001bOD": "left",
  "\u001b[H": "home",
  "\u001bOH": "home",
  "\u001b[1~": "home",
  "\u001b[F": "end",
  "\u001bOF": "end",
  "\u001b[4~": "end",
  "\u001b[5~": "page-up",
  "\u001b[6~": "page-down",
  "\u001b[3~": "delete",
  "\u001b[Z": "shift-tab",
  "\u001b\r": "alt-enter",
  "\u001b": "escape",
  "\t": "tab",
  "\r": "enter",
  "\u007f": "backspace",
  "\b": "backspace",
};

// One key each: CSI and SS3 sequences whole, Alt with Enter, else a character; an escape alone is one too.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const oneKey = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO[@-~]|\u001b\r|\u001b|[\s\S]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const begun = /\u001b(?:\[[0-?]*[ -/]*|O)?$/;

/** What the bytes of a terminal mean, after those that were not read yet. */
export function readInput(unread: Unread, bytes: string): { readonly inputs: readonly Input[]; readonly unread: Unread } {
  const inputs: Input[] = [];
  let rest = unread.sequence + bytes;
  let paste = unread.paste;
  if (paste !== undefined && bytes === wayOut) {
    return { inputs: [{ kind: "paste", text: (paste + unread.sequence).slice(0, pasteCharsMax) }], unread: nothingUnread };
  }
  while (rest !== "") {
    if (paste !== undefined) {
      const end = rest.indexOf(pasteEnd);
      if (end < 0) {
        // The mark of the end may come in two pieces.
        const kept = Math.max(0, rest.length - pasteEnd.length + 1);
        return { inputs, unread: { sequence: rest.slice(kept), paste: (paste + rest.slice(0, kept)).slice(0, pasteCharsMax) } };
      }
      inputs.push({ kind: "paste", text: (paste + rest.slice(0, end)).slice(0, pasteCharsMax) });
      paste = undefined;
      rest = rest.slice(end + pasteEnd.length);
      continue;
    }
    const begin = rest.indexOf(pasteBegin);
    const typed = begin < 0 ? rest : rest.slice(0, begin);
    const open = begin < 0 ? (begun.exec(typed)?.[0] ?? "") : "";
    const unfinished = open.length <= sequenceCharsMax ? open : "";
    inputs.push(...keysOf(typed.slice(0, typed.length - unfinished.length)));
    if (begin < 0) return { inputs, unread: { sequence: unfinished } };
    paste = "";
    rest = rest.slice(begin + pasteBegin.length);
  }
  return { inputs, unread: { sequence: "", paste } };
}

/** After a pause nothing more belongs to what came: an escape was the key. A paste goes on. */
export function readRest(unread: Unread): { readonly inputs: readonly Input[]; readonly unread: Unread } {
  if (unread.paste !== undefined) return { inputs: [], unread };
  return { inputs: keysOf(unread.sequence), unread: nothingUnread };
}

function keysOf(text: string): readonly Input[] {
  return [...text.matchAll(oneKey)].flatMap(([bytes]): readonly Input[] => {
    const key = nameOf(bytes);
    return key === undefined ? [] : [{ kind: "key", key }];
  });
}

/** Undefined for what has no name here. */
function nameOf(bytes: string): string | undefined {
  if (Object.hasOwn(names, bytes)) return names[bytes];
  if (bytes.length > 1 && bytes.startsWith("\u001b")) return undefined;
  const code = bytes.charCodeAt(0);
  if (code < 0x20) return `ctrl-${String.fromCharCode(code + 0x60)}`;
  return code === 0x7f || (code >= 0x80 && code < 0xa0) ? undefined : bytes;
}
