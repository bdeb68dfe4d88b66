import type { TaskView } from "../../shared/task";
import { showBytes, showCost, showCount } from "../figures";
import { oneLine } from "../inert";
import type { Size } from "../paint/frame";
import { ends, type Line, span } from "../paint/line";
import { windowOf } from "../paint/window";
import { drawAsk, keysLine } from "./draw-ask";
import { drawOutput } from "./draw-output";
import { instanceLook, taskLooks } from "./looks";
import type { OutputPiece } from "./output-tail";
import { currentAsk, type PaneState, selectedTask } from "./pane-state";
import type { PaneContent } from "./pane-world";

/** Exactly `size.rows` lines: the server's card, its tasks with the cursor, what the selected one says, what it asks, the keys. */
export function drawPane(content: PaneContent, state: PaneState, output: readonly OutputPiece[], size: Size): readonly Line[] {
  const { columns, rows } = size;
  const selected = selectedTask(content, state);
  const ask = currentAsk(content, state);
  const card = drawCard(content, columns);
  const footer = [drawFooter(content, state, selected !== undefined)];
  const free = Math.max(0, rows - card.length - footer.length);
  const asked = ask ? drawAsk(ask, state.answering, columns, Math.ceil((free * 2) / 3), state.askFrom) : [];
  // A third for the list, and no more than it needs; the rest is for what the selected one says.
  const listRows = Math.min(content.tasks.length, Math.max(1, Math.floor((free - asked.length) / 3)), Math.max(0, free - asked.length));
  const list = drawTasks(content.tasks, selected, columns, listRows);
  const outputRows = Math.max(0, free - asked.length - list.length - 1);
  const said = selected && outputRows > 0 ? [ruler(selected, columns), ...drawOutput(selected, output, columns, outputRows)] : [];
  const body = [...card, ...list, ...said];
  const gap = Math.max(0, rows - body.length - asked.length - footer.length);
  return [...body, ...Array.from({ length: gap }, (): Line => []), ...asked, ...footer].slice(0, rows);
}

function drawCard({ target, instance }: PaneContent, columns: number): readonly Line[] {
  if (!instance) {
    const what = target.kind === "task" ? "no server has this task yet" : `there is no server ${target.id} (any more)`;
    return [[span("◌ ", "dim"), span(what, "dim")]];
  }
  const { name, state, version, running, waiting, slots, rssBytes, port, host, error } = instance;
  const figures = [
    version === undefined ? "" : oneLine(version),
    `${running} of ${slots} slots`,
    waiting > 0 ? `${waiting} waiting` : "",
    rssBytes === undefined ? "" : showBytes(rssBytes),
    `${oneLine(host)}:${port}`,
  ].filter((figure) => figure !== "");
  const left = [span("⬢ ", instanceLook(state)), span(oneLine(name), "bold"), span(`  ${state}`, instanceLook(state))];
  const first = ends(left, [span(figures.join("  "), "dim")], columns);
  return error ? [first, [span("  "), span(oneLine(error.message), "red")]] : [first];
}

/** The part of the list that holds the cursor. */
function drawTasks(tasks: readonly TaskView[], selected: TaskView | undefined, columns: number, rows: number): readonly Line[] {
  if (tasks.length === 0 && rows === 0) return [[span("  no tasks here", "dim")]];
  const at = Math.max(
    0,
    tasks.findIndex(({ id }) => id === selected?.id),
  );
  return windowOf(tasks, at, rows).map((task) => drawTask(task, task.id === selected?.id, columns));
}

function drawTask(task: TaskView, isSelected: boolean, columns: number): Line {
  const [sign, look] = taskLooks[task.state];
  const left = [span(isSelected ? "› " : "  ", "cyan"), span(`${sign} `, look), span(oneLine(task.title), isSelected ? "bold" : "plain")];
  return ends(left, [span(oneLine(task.detail), look === "alarm" ? "alarm" : "dim")], columns);
}

function ruler({ id, attempt, attemptsMax, usage, branch }: TaskView, columns: number): Line {
  const figures = [
    attempt > 1 ? `attempt ${attempt} of ${attemptsMax}` : "",
    usage.tokensIn + usage.tokensOut > 0 ? `${showCount(usage.tokensIn + usage.tokensOut)} tokens` : "",
    usage.cost > 0 ? showCost(usage.cost) : "",
    branch === undefined ? "" : oneLine(branch.branch),
  ].filter((figure) => figure !== "");
  const title = ` ${[id, ...figures].join("  ")} `;
  return [span("──", "dim"), span(title.slice(0, columns), "dim"), span("─".repeat(Math.max(0, columns - title.length - 2)), "dim")];
}

function drawFooter({ asks }: PaneContent, { notice }: PaneState, hasTask: boolean): Line {
  if (notice !== "") return [span("  "), span(oneLine(notice), "yellow")];
  return keysLine([
    ["↑↓", "choose"],
    ["⏎", hasTask ? "open its session" : "open OpenCode"],
    ...(asks.length > 0 ? ([["n", `next ask (${asks.length})`]] as const) : []),
    ["q", "close"],
  ]);
}
