/** Keys that mean something in a pane. */
export type Key =
  | {
      readonly kind: "up" | "down" | "first" | "last" | "next-ask" | "enter" | "quit" | "allow" | "allow-always" | "reject" | "on" | "back";
    }
  | { readonly kind: "digit"; readonly digit: number };

export interface ReadKeys {
  readonly keys: readonly Key[];
  /** Inside a bracketed paste at the end of the bytes. */
  readonly pasting: boolean;
}

const pasteBegin = "\u001b[200~";
const pasteEnd = "\u001b[201~";

const sequences: Readonly<Record<string, Key>> = {
  "\u001b[A": { kind: "up" },
  "\u001bOA": { kind: "up" },
  "\u001b[B": { kind: "down" },
  "\u001bOB": { kind: "down" },
  "\u001b[H": { kind: "first" },
  "\u001b[F": { kind: "last" },
  k: { kind: "up" },
  j: { kind: "down" },
  g: { kind: "first" },
  G: { kind: "last" },
  n: { kind: "next-ask" },
  "\t": { kind: "next-ask" },
  "\r": { kind: "enter" },
  "\n": { kind: "enter" },
  q: { kind: "quit" },
  "\u0003": { kind: "quit" },
  "\u0004": { kind: "quit" },
  a: { kind: "allow" },
  A: { kind: "allow-always" },
  r: { kind: "reject" },
  " ": { kind: "on" },
  "\u001b[6~": { kind: "on" },
  b: { kind: "back" },
  "\u001b[5~": { kind: "back" },
};

// One key each: CSI and SS3 sequences whole, else a character; an escape alone is one too.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const oneKey = /\u001b\[[0-?]*[ -/]*[@-~]|\u001bO[@-~]|\u001b|[\s\S]/gu;

/** What the bytes of a terminal mean. Pasted text means nothing, so that no paste answers an ask. */
export function readKeys(bytes: string, pasting: boolean): ReadKeys {
  const keys: Key[] = [];
  let inPaste = pasting;
  for (const [text] of bytes.matchAll(oneKey)) {
    if (text === pasteBegin) inPaste = true;
    else if (text === pasteEnd) inPaste = false;
    else if (!inPaste) keys.push(...keyOf(text));
  }
  return { keys, pasting: inPaste };
}

function keyOf(text: string): readonly Key[] {
  if (/^[1-9]$/.test(text)) return [{ kind: "digit", digit: Number(text) }];
  const key = Object.hasOwn(sequences, text) ? sequences[text] : undefined;
  return key ? [key] : [];
}
