import stringWidth from "string-width";
import { inert } from "../inert";

// Without controls, and what lines are drawn with: as wide as it is long.
const narrow = /^[\u0020-\u007e─…›▸▏]*$/;

/** Cells that a terminal takes for the text; it must be inert and without tabs. */
export function widthOf(text: string): number {
  if (narrow.test(text)) return text.length;
  const found = widths.get(text);
  if (found !== undefined) return found;
  let width = 0;
  for (const { columns } of measured(text)) width += columns;
  if (widths.size >= widthsMax) widths.clear();
  if (text.length <= widthCharsMax) widths.set(text, width);
  return width;
}

// A frame asks for the width of the same text again and again, and so does the next frame.
const widthsMax = 2_048;
const widthCharsMax = 512;
const widths = new Map<string, number>();

/** At most `columns` cells, with `…` where something is missing; never through a character. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return "";
  // Far more characters than cells: the rest need not be measured.
  const near = text.length > columns * 16 ? text.slice(0, columns * 16) : text;
  if (near.length === text.length && widthOf(text) <= columns) return text;
  return `${headOf(near, columns - 1)}…`;
}

/** The end of an inert text, at most `columns` cells, with `…` where something is missing before it. */
export function tailOf(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (widthOf(text) <= columns) return text;
  let width = 0;
  for (const { segment, index } of [...measured(text)].reverse()) {
    width += widthOf(segment);
    if (width > columns - 1) return `…${text.slice(index + segment.length)}`;
  }
  return text;
}

/** A text being typed, as rows of at most `columns` cells that lose nothing, and where in them the caret before `offset` is. */
export function rowsOf(
  text: string,
  columns: number,
  offset: number,
): { readonly rows: readonly string[]; readonly caret: { readonly row: number; readonly column: number } } {
  const rows = [""];
  let width = 0;
  let caret = { row: 0, column: 0 };
  for (const { segment, index, columns: cells } of measured(text.replace(/\t/g, " "))) {
    if (index === offset) caret = { row: rows.length - 1, column: width };
    const isBreak = segment === "\n";
    if (isBreak || width + cells > columns) {
      rows.push("");
      width = 0;
      if (index === offset && !isBreak) caret = { row: rows.length - 1, column: 0 };
    }
    if (!isBreak) {
      rows[rows.length - 1] += segment;
      width += cells;
    }
  }
  if (offset >= text.length) caret = { row: rows.length - 1, column: width };
  return { rows, caret };
}

/** Lines of at most `columns` cells, broken between words where there are any; line breaks stay, tabs become spaces. */
export function wrap(text: string, columns: number): readonly string[] {
  if (columns <= 0) return [];
  return inert(text)
    .replace(/\t/g, "    ")
    .split("\n")
    .flatMap((line) => wrapLine(line.trimEnd(), columns));
}

function wrapLine(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  let width = 0;
  // After the last space of the line under way, where a break loses nothing, and the width up to there.
  let breakAt = 0;
  let breakWidth = 0;
  for (const { segment, index, columns: cells } of measured(line)) {
    // Twice where the line began with a space and the character is wider than that.
    while (width + cells > columns && index > start) {
      const isAtBreak = breakAt > start && segment !== " ";
      const end = isAtBreak ? breakAt : index;
      lines.push(line.slice(start, end).trimEnd());
      start = end;
      width = isAtBreak ? width - breakWidth : 0;
    }
    // A space at which a line is broken is in neither.
    if (segment === " " && start === index && index > 0) start = index + 1;
    else width += cells;
    if (segment === " ") {
      breakAt = index + 1;
      breakWidth = width;
    }
  }
  return [...lines, line.slice(start)];
}

/** The longest beginning of at most `columns` cells. */
function headOf(text: string, columns: number): string {
  let width = 0;
  for (const { index, columns: cells } of measured(text)) {
    width += cells;
    if (width > columns) return text.slice(0, index);
  }
  return text;
}

interface Measured {
  readonly segment: string;
  readonly index: number;
  readonly columns: number;
}

const segmenter = new Intl.Segmenter();

/** What a person takes for characters, one after another, with their widths: of more than two cells only in parts. */
function* measured(text: string): Generator<Measured> {
  if (narrow.test(text)) {
    for (let index = 0; index < text.length; index += 1) yield { segment: text.charAt(index), index, columns: 1 };
    return;
  }
  for (const { segment, index } of segmenter.segment(text)) {
    const columns = characterWidth(segment);
    if (columns <= cellsMax) yield { segment, index, columns };
    else yield* partsOf(segment, index);
  }
}

/**
 * WezTerm gives no character more than this (termwiz: `grapheme_column_width`); tmux gives each sign in it cells of its own, so a
 * musical note with its tail has three there and two in WezTerm. Where octo counts three, no terminal runs over.
 */
const cellsMax = 2;

/** Each sign that has cells, with what is drawn upon it. */
function* partsOf(segment: string, start: number): Generator<Measured> {
  let part = "";
  let index = start;
  for (const sign of segment) {
    if (part !== "" && characterWidth(sign) > 0) {
      yield { segment: part, index, columns: characterWidth(part) };
      index += part.length;
      part = "";
    }
    part += sign;
  }
  yield { segment: part, index, columns: characterWidth(part) };
}

const knownMax = 4_096;
const known = new Map<string, number>();

/** Measuring an ideograph takes a thousand times as long as looking it up. */
function characterWidth(segment: string): number {
  const found = known.get(segment);
  if (found !== undefined) return found;
  const width = stringWidth(segment);
  if (known.size >= knownMax) known.clear();
  known.set(segment, width);
  return width;
}
