import { withChosenSent } from "./answer";
import type { ItemRef } from "./items";
import { pageLines, pageRows } from "./page";
import { type BoardState, currentAsk, type DetailPage, selectedItem, type View } from "./state";
import type { Stepped } from "./step";
import { hasEnded } from "./world";

export type Details = Extract<View, { readonly kind: "details" }>;

/** The pages that a thing has. */
export function pagesOf(item: ItemRef): readonly DetailPage[] {
  if (item.kind === "task") return ["about", "output", "transcript", "diff", "why"];
  return item.kind === "instance" ? ["about", "log"] : ["about"];
}

/** Enter: the details of the selected, or the answer that was being given. */
export function detailsOf(state: BoardState, alone: boolean): Stepped {
  const sent = alone ? withChosenSent(state) : undefined;
  if (sent) return sent;
  const item = selectedItem(state);
  if (!item || state.view.kind === "details") return { state, acts: [] };
  return opened(state, item, firstPage(state, item));
}

/** What one wants to see: of a task under way what it says, of one that asks what it asks, of an ended one how it ended. */
function firstPage(state: BoardState, item: ItemRef): DetailPage {
  if (item.kind !== "task" || currentAsk(state)) return "about";
  const task = state.world.tasks.get(item.id)?.task;
  return task && !hasEnded(task) && task.state !== "queued" ? "output" : "about";
}

/** To the page before or after. */
export function turned(state: BoardState, { item, page }: Details, by: 1 | -1): Stepped {
  const pages = pagesOf(item);
  const next = pages[(pages.indexOf(page) + by + pages.length) % pages.length];
  return next === undefined || next === page ? { state, acts: [] } : opened(state, item, next);
}

function opened(state: BoardState, item: ItemRef, page: DetailPage): Stepped {
  const isAsked = page !== "about" && page !== "output";
  const before = state.view.kind === "details" ? state.view.loaded : {};
  const view: Details = { kind: "details", item, page, top: page === "output" ? "end" : 0, loaded: before };
  // Asked for again each time: it may have grown.
  return { state: { ...state, view }, acts: isAsked ? [{ kind: "load", item, page }] : [] };
}

/** Through the lines of a page, or of the help. */
export function atPage(state: BoardState, move: "up" | "down" | "page-up" | "page-down" | "first" | "last"): BoardState {
  const { view } = state;
  if (view.kind === "list") return state;
  const rows = pageRows(state.size);
  const topMax = Math.max(0, pageLines(state).length - rows);
  const top = view.top === "end" ? topMax : Math.min(view.top, topMax);
  const by = { up: -1, down: 1, "page-up": 1 - rows, "page-down": rows - 1, first: -topMax, last: topMax }[move];
  const next = Math.min(Math.max(0, top + by), topMax);
  if (view.kind === "help") return { ...state, view: { ...view, top: next } };
  return { ...state, view: { ...view, top: view.page === "output" && next === topMax ? "end" : next } };
}
