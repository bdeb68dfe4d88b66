import { oneLine } from "../inert";
import { ends, type Line, span } from "../paint/line";
import { pagesOf } from "./details";
import type { ItemRef } from "./items";
import type { BoardState } from "./state";

/** The pages of the details, the shown one marked. */
export function drawPageNames(state: BoardState, columns: number): Line {
  const { view } = state;
  if (view.kind !== "details") return [span("── the keys ", "dim"), span("─".repeat(Math.max(0, columns - 12)), "dim")];
  const names = pagesOf(view.item).flatMap((page): Line => {
    const isShown = page === view.page;
    return [span(isShown ? "[" : " ", "dim"), span(page, isShown ? "bold" : "dim"), span(isShown ? "]" : " ", "dim")];
  });
  return ends([span("── ", "dim"), ...names, span(" ──", "dim")], [span(`${nameOf(view.item, state)} ──`, "dim")], columns);
}

function nameOf({ kind, id }: ItemRef, { world }: BoardState): string {
  if (kind === "task") return oneLine(world.tasks.get(id)?.task.title ?? id);
  return kind === "instance" ? oneLine(world.instances.get(id)?.name ?? id) : oneLine(id);
}
