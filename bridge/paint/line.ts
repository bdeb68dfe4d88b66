import { cut, widthOf } from "./text";

/** SGR parameters of each look, for terminals with 16 colours and for those with 256; 2 (dim) is unreadable or ignored in many. */
const looks = {
  plain: { 16: "", 256: "" },
  bold: { 16: "1", 256: "1" },
  dim: { 16: "2", 256: "38;5;246" },
  red: { 16: "31", 256: "38;5;203" },
  green: { 16: "32", 256: "38;5;71" },
  yellow: { 16: "33", 256: "38;5;179" },
  blue: { 16: "34", 256: "38;5;75" },
  magenta: { 16: "35", 256: "38;5;176" },
  cyan: { 16: "36", 256: "38;5;80" },
  alarm: { 16: "1;33", 256: "1;38;5;214" },
  chosen: { 16: "7", 256: "1;48;5;238" },
} as const;

/** How many colours a terminal has; `none` also where the person wants none. */
export type Palette = "none" | 16 | 256;

export type Look = keyof typeof looks;

/** Inert text on one line, with its look. */
export interface Span {
  readonly text: string;
  readonly look: Look;
}

export type Line = readonly Span[];

export function span(text: string, look: Look = "plain"): Span {
  return { text, look };
}

export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + widthOf(text), 0);
}

/** At most `columns` cells wide. */
export function clip(line: Line, columns: number): Line {
  const fitted: Span[] = [];
  let left = columns;
  for (const { text, look } of line) {
    if (left <= 0) break;
    const shown = cut(text, left);
    if (shown !== "") fitted.push({ text: shown, look });
    left -= widthOf(shown);
    if (shown !== text) break;
  }
  return fitted;
}

/** `left` and `right` at the two ends of `columns` cells; where they do not fit, each gets half at least. */
export function ends(left: Line, right: Line, columns: number): Line {
  const shownRight = clip(right, Math.max(Math.floor(columns / 2), columns - lineWidth(left) - 1));
  const room = columns - lineWidth(shownRight) - (shownRight.length > 0 ? 1 : 0);
  const shownLeft = clip(left, room);
  const gap = columns - lineWidth(shownLeft) - lineWidth(shownRight);
  return [...shownLeft, span(" ".repeat(Math.max(0, gap))), ...shownRight];
}

/** The bytes for one row of `columns` cells; the rest of the row is cleared. */
export function encode(line: Line, columns: number, palette: Palette): string {
  const fitted = clip(line, columns);
  const text = fitted.map((each) => (palette === "none" ? each.text : paint(each, palette))).join("");
  // On a full row the cursor stays on the last cell, and clearing would take that.
  return lineWidth(fitted) < columns ? `${text}\u001b[K` : text;
}

function paint({ text, look }: Span, palette: 16 | 256): string {
  const parameters = looks[look][palette];
  return parameters === "" ? text : `\u001b[${parameters}m${text}\u001b[0m`;
}
