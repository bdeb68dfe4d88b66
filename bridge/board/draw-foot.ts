import type { TaskView } from "../../shared/task";
import { oneLine } from "../inert";
import { ends, type Line, span } from "../paint/line";
import { keysLine } from "../panes/draw-ask";
import { bindings, type Command, type Place } from "./key-map";
import { type BoardState, currentAsk, selectedItem, selectedTask } from "./state";
import { hasEnded } from "./world";

/** The last line: a question, a word about the last key, or the keys that do something now. */
export function drawFoot(state: BoardState): Line {
  const { dialog, notice, view } = state;
  if (dialog?.kind === "confirm")
    return [span(`${oneLine(dialog.question)}  `, "alarm"), ...keysLine([["y", "yes"]]), ...keysLine([["any other", "no"]])];
  if (notice) return [span(oneLine(notice.text), notice.isError ? "red" : "yellow")];
  if (view.kind === "help")
    return keysLine([
      ["↑↓", "scroll"],
      ["Esc", "back"],
    ]);
  const pages: readonly Key[] =
    view.kind === "details"
      ? [
          ["←→", "pages"],
          ["↑↓", "scroll"],
          ["Esc", "back"],
        ]
      : [];
  const digits: readonly Key[] = currentAsk(state)?.content.kind === "question" ? [["1-9", "answer"]] : [];
  const keys = usefulOf(state).flatMap(({ command, shown, short }) =>
    short === undefined || always.includes(command) ? [] : [[shown, short] as const],
  );
  const right = bindings.flatMap(({ command, shown, short }) =>
    short !== undefined && always.includes(command) ? [[shown, short] as const] : [],
  );
  return ends(keysLine([...pages, ...digits, ...keys]).slice(1), keysLine(right).slice(1), state.size.columns);
}

type Key = readonly [string, string];

/** At the right end, however many others there are. */
const always: readonly Command[] = ["help", "quit"];
const onlyInTheList: readonly Command[] = ["details", "find", "filter"];

function usefulOf(state: BoardState): typeof bindings {
  const task = selectedTask(state);
  const useless: readonly Command[] = [...(task ? uselessOn(task) : []), ...(state.view.kind === "list" ? [] : onlyInTheList)];
  const ask = currentAsk(state);
  const hidden: readonly Command[] = ask?.content.kind === "question" ? ["allow", "allow-always"] : [];
  const kind = selectedItem(state)?.kind;
  const rank: Readonly<Record<Place, number>> = {
    ask: ask ? 0 : 9,
    task: kind === "task" ? 1 : 9,
    instance: kind === "instance" ? 1 : 9,
    anything: 2,
  };
  return bindings
    .filter(({ place, command }) => rank[place] < 9 && ![...useless, ...hidden].includes(command))
    .toSorted((a, b) => rank[a.place] - rank[b.place]);
}

function uselessOn(task: TaskView): readonly Command[] {
  if (!hasEnded(task)) return ["reply", "retry", "merge", "drop"];
  return task.branch && task.branch.files.length > 0 ? ["cancel"] : ["cancel", "merge", "drop"];
}
