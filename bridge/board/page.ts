import type { Size } from "../paint/frame";
import { type Line, type Look, span } from "../paint/line";
import { wrap } from "../paint/text";
import { drawOutput } from "../panes/draw-output";
import { aboutAsk } from "./about-ask";
import { aboutInstance } from "./about-instance";
import { aboutTask } from "./about-task";
import { diffLook } from "./diff-look";
import { helpLines } from "./help";
import { type BoardState, currentAsk, type DetailPage, type Loaded } from "./state";

/** More of what a task says is not kept. */
const outputLinesMax = 2_000;

/** Lines of a page on the screen: without its head, the pages' names and the last line. */
export function pageRows({ rows }: Size): number {
  return Math.max(1, rows - 3);
}

/** All lines of the page that is shown; none where the list is. */
export function pageLines(state: BoardState): readonly Line[] {
  const { view, size, world } = state;
  if (view.kind === "list") return [];
  if (view.kind === "help") return helpLines(size.columns);
  const { item, page, loaded } = view;
  if (page === "about") return aboutLines(state);
  if (page !== "output") return textLines(loaded[page], page, size.columns);
  const task = item.kind === "task" ? world.tasks.get(item.id)?.task : undefined;
  const tail = world.output?.taskId === item.id ? world.output.tail : [];
  return task ? drawOutput(task, tail, size.columns, outputLinesMax) : [];
}

function aboutLines(state: BoardState): readonly Line[] {
  const { view, size, world } = state;
  if (view.kind !== "details") return [];
  const { item } = view;
  const ask = currentAsk(state);
  const asked = ask ? aboutAsk(ask, state, size.columns) : [];
  if (item.kind === "ask") return ask ? asked : [[span("it has been answered", "dim")]];
  if (item.kind === "instance") {
    const instance = world.instances.get(item.id);
    return instance ? aboutInstance(instance, state) : [[span("it is gone", "dim")]];
  }
  const seen = world.tasks.get(item.id);
  if (!seen) return [[span("it is gone", "dim")]];
  return [...asked, ...(asked.length > 0 ? [[]] : []), ...aboutTask(seen, state)];
}

/** Wrapping a megabyte takes longer than a frame may: done once for each text and width. */
const wrapped = new WeakMap<Loaded, { readonly columns: number; readonly lines: readonly Line[] }>();

function textLines(loaded: Loaded | undefined, page: DetailPage, columns: number): readonly Line[] {
  if (!loaded) return [[span("…", "dim")]];
  const known = wrapped.get(loaded);
  if (known?.columns === columns) return known.lines;
  const lookOf = loaded.isError ? (): Look => "red" : page === "diff" ? diffLook : (): Look => "plain";
  const lines = loaded.text.split("\n").flatMap((line) => {
    const look = lookOf(line);
    return wrap(line, columns).map((piece): Line => [span(piece, look)]);
  });
  wrapped.set(loaded, { columns, lines });
  return lines;
}
