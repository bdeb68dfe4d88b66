import * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { inert } from "../inert";
import type { Choice } from "./forms";

// WezTerm cuts each row of a list at the width of the tab. What a person decides upon is to be read whole: it goes over several rows.

/** WezTerm keeps six for itself. */
const marginColumns = 6;
const columnsMax = 150;
const usualColumns = 80;
/** Rows of one text; a list has 200. */
const rowsMax = 120;

/** Columns that a row has in a list of this window. */
export function rowColumns(window: wezterm.Window): number {
  const size = attempt(() => window.active_tab()?.get_size().cols ?? usualColumns);
  return Math.max(20, Math.min(columnsMax, (size.ok ? size.value : usualColumns) - marginColumns));
}

/** The text in rows that all mean the same choice; the later ones are indented. */
export function rowsOf(id: string, text: string, columns: number, indent = "    "): readonly Choice[] {
  const lines = wrapped(text, columns - indent.length);
  const shown = lines.slice(0, rowsMax);
  if (lines.length > rowsMax) shown.push(`… ${lines.length - rowsMax} more rows: see octo asks`);
  return shown.map((line, index) => ({ id, label: index === 0 ? line : indent + line }));
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const [given] of string.gmatch(`${text}\n`, "([^\n]*)\n")) {
    let rest = inert(given ?? "");
    do {
      const line = wezterm.truncate_right(rest, columns);
      // A single sign that is wider than the row.
      const taken = line === "" ? rest : line;
      lines.push(taken);
      rest = string.sub(rest, taken.length + 1);
    } while (rest !== "");
  }
  return lines;
}
