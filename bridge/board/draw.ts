import type { Size } from "../paint/frame";
import { type Line, span } from "../paint/line";
import { windowOf } from "../paint/window";
import { drawCards } from "./draw-cards";
import { drawEntry } from "./draw-entry";
import { drawFoot } from "./draw-foot";
import { drawHead } from "./draw-head";
import { drawPreview } from "./draw-preview";
import { drawAskRow, drawTaskRow, tasksRule } from "./draw-rows";
import { layoutOf } from "./layout";
import { pageLines, pageRows } from "./page";
import { drawPageNames } from "./page-names";
import { type BoardState, currentAsk, isSame, selectedItem } from "./state";

/** What is to be seen: exactly as many lines as the screen has rows. */
export interface Picture {
  readonly lines: readonly Line[];
  /** Where the person types, counted from 0. */
  readonly caret?: { readonly row: number; readonly column: number } | undefined;
}

export function draw(state: BoardState): Picture {
  const { columns, rows } = state.size;
  const head = drawHead(state);
  const entry = state.dialog?.kind === "entry" ? drawEntry(state.dialog, state.size) : undefined;
  const foot = entry?.lines ?? [drawFoot(state)];
  const free = Math.max(0, rows - head.length - foot.length);
  const body = state.view.kind === "list" ? drawList(state, { columns, rows: free }) : drawPage(state, { columns, rows: free });
  const gap = Array.from({ length: Math.max(0, free - body.length) }, (): Line => []);
  const lines = [...head, ...body.slice(0, free), ...gap, ...foot].slice(0, rows);
  const caret = entry && { row: Math.min(rows - 1, head.length + free + entry.caret.row), column: entry.caret.column };
  return { lines, caret };
}

function drawList(state: BoardState, { columns, rows }: Size): readonly Line[] {
  const { asks, tasks } = state.items;
  const selected = selectedItem(state);
  const ask = currentAsk(state);
  const preview = (previewRows: number): readonly Line[] => drawPreview(state, { columns, rows: previewRows });
  const cards = drawCards(state, columns);
  const wantedTasks = Math.max(1, tasks.length) + 1;
  const askRows = ask ? Math.min(preview(rows).length, Math.floor(rows / 2)) : 0;
  const layout = layoutOf(rows, { asks: asks.length, cards: cards.lines.length, tasks: wantedTasks, ask: askRows });
  const at = (list: readonly { readonly id: string }[]): number => list.findIndex(({ id }) => id === selected?.id);
  const askLines = windowOf(asks, at(asks), layout.asks).map((each) =>
    drawAskRow(each, state, columns, isSame(selected, { kind: "ask", id: each.id })),
  );
  const taskLines = windowOf(tasks, at(tasks), layout.tasks - 1).map((each) => drawTaskRow(each.id, state, columns));
  const rule = layout.tasks > 0 ? [tasksRule(state, columns)] : [];
  const none: readonly Line[] = tasks.length === 0 && layout.tasks > 1 ? [[span(noTasks(state), "dim")]] : [];
  return [...askLines, ...windowOf(cards.lines, cards.at, layout.cards), ...rule, ...taskLines, ...none, ...preview(layout.preview)];
}

function noTasks({ query, filter, link }: BoardState): string {
  if (link.kind === "connecting") return "  …";
  return query === "" && filter === "all" ? "  no tasks yet: p dispatches a prompt" : "  nothing fits; Esc shows all again";
}

function drawPage(state: BoardState, { columns, rows }: Size): readonly Line[] {
  const { view } = state;
  if (view.kind === "list") return [];
  const lines = pageLines(state);
  const topMax = Math.max(0, lines.length - pageRows(state.size));
  const top = view.top === "end" ? topMax : Math.min(view.top, topMax);
  return [drawPageNames(state, columns), ...lines.slice(top, top + rows - 1)];
}
