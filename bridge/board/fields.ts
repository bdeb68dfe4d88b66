import { oneLine } from "../inert";
import { type Line, span } from "../paint/line";
import { wrap } from "../paint/text";

const nameColumns = 11;

export function field(name: string, value: Line): readonly Line[] {
  return [[span(name.padEnd(nameColumns), "dim"), ...value]];
}

/** One line and more each; those without a value are left out. */
export function fields(columns: number, values: readonly (readonly [string, string | undefined])[]): readonly Line[] {
  return values.flatMap(([name, value]) => {
    if (value === undefined || value === "") return [];
    const lines = wrap(oneLine(value), Math.max(10, columns - nameColumns));
    return lines.map((line, index): Line => [span((index === 0 ? name : "").padEnd(nameColumns), "dim"), span(line)]);
  });
}

/** A text with a title above, after an empty line. */
export function textBlock(title: string, text: string, columns: number): readonly Line[] {
  return [[], [span(title, "dim")], ...wrap(text, columns).map((line): Line => [span(line)])];
}
