import { cut, widthOf } from "./text";

/** How a piece of a line looks: what every terminal with 16 colours shows. */
const looks = {
  plain: "",
  bold: "1",
  dim: "2",
  red: "31",
  green: "32",
  yellow: "33",
  blue: "34",
  magenta: "35",
  cyan: "36",
  alarm: "1;33",
  chosen: "7",
} as const;

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
export function encode(line: Line, columns: number, colours: boolean): string {
  const fitted = clip(line, columns);
  const text = fitted.map((each) => (colours ? paint(each) : each.text)).join("");
  // On a full row the cursor stays on the last cell, and clearing would take that.
  return lineWidth(fitted) < columns ? `${text}\u001b[K` : text;
}

function paint({ text, look }: Span): string {
  return looks[look] === "" ? text : `\u001b[${looks[look]}m${text}\u001b[0m`;
}
