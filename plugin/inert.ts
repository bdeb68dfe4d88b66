import * as wezterm from "wezterm";

// By their bytes: a TypeScript string holds characters, a Lua pattern sees bytes.
const esc = string.char(0x1b);
const bell = string.char(0x07);
const range = (first: number, last: number): string => `[${string.char(first)}-${string.char(last)}]`;
const replacementCharacter = string.char(0xef, 0xbf, 0xbd);

/** Patterns of what must not be shown, and what stands in its place. */
const unwanted: readonly (readonly [string, string])[] = [
  // Sequences of a terminal: CSI, then OSC, DCS, SOS, PM and APC up to their end, then the short ones.
  [`${esc}%[[0-?]*[ -/]*[@-~]?`, ""],
  [`${esc}[%]PX^_][^${bell}${esc}]*${bell}?`, ""],
  [`${esc}[ -/]*[0-~]?`, ""],
  // C0 and DEL.
  [`[${string.char(0)}-${string.char(0x1f)}${string.char(0x7f)}]+`, " "],
  // C1: U+0080 to U+009F.
  [string.char(0xc2) + range(0x80, 0x9f), ""],
  // Marks, embeddings, overrides and isolates of direction, and separators of lines: U+061C, U+200E-F, U+2028-E, U+2066-9.
  [string.char(0xd8, 0x9c), ""],
  [string.char(0xe2, 0x80) + range(0x8e, 0x8f), ""],
  [string.char(0xe2, 0x80) + range(0xa8, 0xae), ""],
  [string.char(0xe2, 0x81) + range(0xa6, 0xa9), ""],
];

/**
 * The text without anything that a terminal obeys or that turns its reading order, on one line: for every text of a model, a tool, a
 * repository or a person that is shown. UTF-8 in any case.
 */
export function inert(text: string): string {
  let shown = toUtf8(text);
  for (const [pattern, by] of unwanted) shown = string.gsub(shown, pattern, by)[0];
  return shown;
}

/** The same in at most `columnsMax` columns. */
export function short(text: string, columnsMax: number): string {
  // Four bytes a character, and some for what vanishes: long texts of models are not read to their end.
  const shown = inert(string.sub(text, 1, columnsMax * 8));
  return wezterm.column_width(shown) <= columnsMax ? shown : `${wezterm.truncate_right(shown, columnsMax - 1)}…`;
}

/** The same text where it is UTF-8; else with U+FFFD in the place of each byte that is not. WezTerm refuses other text. */
export function toUtf8(text: string): string {
  const pieces: string[] = [];
  let from = 1;
  for (;;) {
    // The second result is where the first bad byte is.
    const [badAt] = select(2, utf8.len(text, from));
    if (badAt === undefined) break;
    pieces.push(string.sub(text, from, badAt - 1), replacementCharacter);
    from = badAt + 1;
  }
  if (from === 1) return text;
  pieces.push(string.sub(text, from));
  return table.concat(pieces);
}
