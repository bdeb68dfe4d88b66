import { readInput, type Unread } from "../paint/input";

/** Keys that mean something in a pane. */
export type Key =
  | {
      readonly kind: "up" | "down" | "first" | "last" | "next-ask" | "enter" | "quit" | "allow" | "allow-always" | "reject" | "on" | "back";
    }
  | { readonly kind: "digit"; readonly digit: number };

export interface ReadKeys {
  readonly keys: readonly Key[];
  /** What the next bytes go on with. */
  readonly unread: Unread;
}

const meanings: Readonly<Record<string, Key>> = {
  up: { kind: "up" },
  k: { kind: "up" },
  down: { kind: "down" },
  j: { kind: "down" },
  home: { kind: "first" },
  g: { kind: "first" },
  end: { kind: "last" },
  G: { kind: "last" },
  tab: { kind: "next-ask" },
  n: { kind: "next-ask" },
  enter: { kind: "enter" },
  // As terminals send it without `icrnl`, and Enter after an escape.
  "ctrl-j": { kind: "enter" },
  "alt-enter": { kind: "enter" },
  q: { kind: "quit" },
  "ctrl-c": { kind: "quit" },
  "ctrl-d": { kind: "quit" },
  a: { kind: "allow" },
  A: { kind: "allow-always" },
  r: { kind: "reject" },
  " ": { kind: "on" },
  "page-down": { kind: "on" },
  b: { kind: "back" },
  "page-up": { kind: "back" },
};

/**
 * What the bytes of a terminal mean. Pasted text means nothing, and neither does the end of a sequence that came in two pieces: nothing
 * but a key answers an ask.
 */
export function readKeys(bytes: string, before: Unread): ReadKeys {
  const { inputs, unread } = readInput(before, bytes);
  const keys = inputs.flatMap((input) => (input.kind === "key" ? keyOf(input.key) : []));
  // That a paste goes on is kept, not its text.
  return { keys, unread: unread.paste === undefined ? unread : { ...unread, paste: "" } };
}

function keyOf(name: string): readonly Key[] {
  if (/^[1-9]$/.test(name)) return [{ kind: "digit", digit: Number(name) }];
  const key = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  return key ? [key] : [];
}
