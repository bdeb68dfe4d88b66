export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Gives way when the table is wider than the terminal; of several, the widest does first. */
  readonly flexible?: boolean;
}

export interface Cell {
  readonly text: string;
  /** Applied after padding, since colours have no width. */
  readonly paint?: ((text: string) => string) | undefined;
}

type WidthOf = (text: string) => number;

export interface TableOptions {
  /** Undefined: as wide as needed. */
  readonly columns: number | undefined;
  readonly paintTitle: (text: string) => string;
}

const gap = "  ";
const flexibleWidthMin = 10;

/** A table for people: widths count what a terminal shows (wide characters, emoji). Cells are one-line inert texts. */
export async function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], options: TableOptions): Promise<string> {
  const widthOf = await loadWidthOf();
  const widths = columns.map(({ title }, index) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index]?.text ?? ""))));
  narrow(columns, widths, options.columns);
  const line = (cells: readonly Cell[]): string =>
    columns
      .map(({ align }, index) => {
        const { text, paint = (same: string) => same } = cells[index] ?? { text: "" };
        const width = widths[index] ?? 0;
        const shown = cut(text, width, widthOf);
        const padding = " ".repeat(Math.max(0, width - widthOf(shown)));
        if (align === "right") return padding + paint(shown);
        return paint(shown) + (index === columns.length - 1 ? "" : padding);
      })
      .join(gap)
      .trimEnd();
  const titles = columns.map(({ title }): Cell => ({ text: title, paint: options.paintTitle }));
  return [titles, ...rows].map((cells) => `${line(cells)}\n`).join("");
}

/** Its regular expressions take 20 ms to compile, which commands without tables do not pay. */
export async function loadWidthOf(): Promise<WidthOf> {
  return (await import("string-width")).default;
}

function narrow(columns: readonly Column[], widths: number[], available: number | undefined): void {
  if (available === undefined) return;
  const flexible = columns.flatMap(({ flexible }, index) => (flexible ? [index] : []));
  let excess = widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1) - available;
  for (; excess > 0; excess -= 1) {
    const widest = Math.max(...flexible.map((index) => widths[index] ?? 0));
    if (widest <= flexibleWidthMin) return;
    const gives = flexible.findLast((index) => widths[index] === widest);
    if (gives === undefined) return;
    widths[gives] = widest - 1;
  }
}

/** At most `width` cells; never through a character. */
function cut(text: string, width: number, widthOf: WidthOf): string {
  if (widthOf(text) <= width) return text;
  let shown = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(shown + segment) > width - 1) break;
    shown += segment;
  }
  return `${shown}…`;
}
