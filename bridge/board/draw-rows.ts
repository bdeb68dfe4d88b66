import type { AskView } from "../../shared/ask";
import type { TaskId } from "../../shared/ids";
import type { TaskView } from "../../shared/task";
import { plural, showCost } from "../figures";
import { oneLine } from "../inert";
import { clip, ends, type Line, type Look, lineWidth, span } from "../paint/line";
import { cut, tailOf, widthOf } from "../paint/text";
import { taskLooks } from "../panes/looks";
import { nameOfInstance } from "./items";
import { type BoardState, isSame, selectedItem } from "./state";
import { runMsOf, showClock, showRoughAge } from "./times";
import { hasEnded } from "./world";

/** What is asked, for which task, where, since when. */
export function drawAskRow(ask: AskView, { world, nowEpochMs }: BoardState, columns: number, isSelected: boolean): Line {
  const task = ask.taskId && world.tasks.get(ask.taskId)?.task;
  const where = [
    task ? oneLine(task.title).slice(0, 40) : "no task",
    oneLine(nameOfInstance(world, ask.instanceId)),
    oneLine(world.instances.get(ask.instanceId)?.host ?? ""),
    showRoughAge(nowEpochMs - ask.askedAtEpochMs),
  ].filter((part) => part !== "");
  const left = [span(isSelected ? "› " : "  ", "cyan"), span("⚠ ", "alarm"), span(oneLine(ask.title), isSelected ? "chosen" : "alarm")];
  return ends(left, [span(where.join("  "), "dim")], columns);
}

/** The line above the tasks. */
export function tasksRule({ items, filter, query }: BoardState, columns: number): Line {
  const count = items.tasks.length === items.tasksAll ? `${items.tasksAll}` : `${items.tasks.length} of ${items.tasksAll}`;
  const what = [count, filter === "all" ? "" : filter, query === "" ? "" : `like "${oneLine(query)}"`]
    .filter((part) => part !== "")
    .join(", ");
  const title: Line = [span("── ", "dim"), span("tasks", "bold"), span(`  ${what} `, "dim")];
  return clip([...title, span("─".repeat(Math.max(0, columns - lineWidth(title))), "dim")], columns);
}

/** Sign, title, what it says or is about, time and cost. */
export function drawTaskRow(taskId: TaskId, state: BoardState, columns: number): Line {
  const seen = state.world.tasks.get(taskId);
  if (!seen) return [];
  const { task } = seen;
  const isSelected = isSame(selectedItem(state), { kind: "task", id: taskId });
  const [sign, look] = taskLooks[task.state];
  const right = figuresOf(task, runMsOf(seen, state.nowMs), state);
  const titleColumns = Math.max(12, Math.floor(columns * 0.38));
  const title = cut(oneLine(task.title), titleColumns - 4);
  const left: Line = [
    span(isSelected ? "› " : "  ", "cyan"),
    span(`${sign} `, look),
    span(title, isSelected ? "chosen" : "plain"),
    span(" ".repeat(Math.max(1, titleColumns - 4 - widthOf(title) + 1))),
  ];
  const room = columns - lineWidth(left) - lineWidth(right) - 1;
  return ends([...left, middleOf(task, state, room)], right, columns);
}

function figuresOf(task: TaskView, runMs: number, { world, nowEpochMs }: BoardState): Line {
  const instance = task.instanceId === undefined || hasEnded(task) ? "" : oneLine(nameOfInstance(world, task.instanceId));
  const time = task.endedAtEpochMs === undefined ? (runMs > 0 ? showClock(runMs) : "") : showRoughAge(nowEpochMs - task.endedAtEpochMs);
  const cost = task.usage.cost > 0 ? showCost(task.usage.cost) : "";
  return [span([instance, cost, time].filter((part) => part !== "").join("  "), "dim")];
}

/** While it speaks the end of what it says, else how it is, or what came of it. */
function middleOf(task: TaskView, { world }: BoardState, columns: number): { readonly text: string; readonly look: Look } {
  const said = task.state === "running" ? world.said.get(task.id) : undefined;
  if (said) return span(tailOf(oneLine(said), columns), "dim");
  if (task.error) return span(oneLine(`${task.error.code}: ${task.error.message}`), task.state === "failed" ? "red" : "dim");
  if (task.branch && hasEnded(task)) {
    const count = task.branch.files.length;
    return span(count === 0 ? "no changes" : `${plural(count, "file")}  ${oneLine(task.branch.branch)}`, "dim");
  }
  return span(oneLine(task.detail), task.state === "waiting" ? "alarm" : "dim");
}
