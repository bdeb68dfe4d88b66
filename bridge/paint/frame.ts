/** Encoded rows, the first at the top; see `encode`. */
export type Frame = readonly string[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

// Held together, terminals that know mode 2026 show the change at once; others ignore it. No wrapping: a character that a terminal
// takes for wider than we do must not push the rows below.
const begin = "\u001b[?2026h\u001b[?7l";
const end = "\u001b[?2026l";

/** Draws every row. */
export function fullFrame(frame: Frame): string {
  return `${begin}\u001b[0m${frame.map(row).join("")}${end}`;
}

/** Draws the rows that differ; "" when none does. Both frames must be of one size. */
export function frameDifference(before: Frame, after: Frame): string {
  const changed = after.flatMap((text, index) => (text === before[index] ? [] : [row(text, index)]));
  return changed.length === 0 ? "" : `${begin}${changed.join("")}${end}`;
}

function row(text: string, index: number): string {
  return `\u001b[${index + 1};1H${text}`;
}

/** Shows the terminal's own cursor there (counted from 0), or hides it. */
export function caretAt(place: { readonly row: number; readonly column: number } | undefined): string {
  return place ? `\u001b[${place.row + 1};${place.column + 1}H\u001b[?25h` : "\u001b[?25l";
}
