import type * as wezterm from "wezterm";
import { isTaskId } from "../ids";
import { type CallResult, call } from "../link/call";
import { openPane, taskOf } from "../panes";
import { tablesAt, textAt } from "../read";
import { tell, tellRefusal } from "../tell";
import { replyTo } from "./dispatch";
import { type Choice, choose, splitId } from "./forms";
import { dropTask, mergeTask, openTree } from "./results";
import { runOcto } from "./terminal";

export const taskEvent = "octo-task";
export const taskActionEvent = "octo-task-action";

const tasksMax = 60;
const signs: Readonly<Record<string, string>> = { queued: "·", running: "▶", waiting: "⚠", succeeded: "✓", failed: "✗", cancelled: "−" };
const live = ["queued", "running", "waiting"];

/** The list of tasks, those that wait for the person first. Yields. */
export function tasks(window: wezterm.Window, pane: wezterm.Pane): void {
  showTasks(window, pane, taskEvent, "Tasks", () => true);
}

/** The tasks that can be cancelled. Yields. */
export function cancel(window: wezterm.Window, pane: wezterm.Pane): void {
  showTasks(window, pane, taskActionEvent, "Cancel a task", (state) => live.includes(state), "cancel:");
}

function showTasks(
  window: wezterm.Window,
  pane: wezterm.Pane,
  event: string,
  title: string,
  isWanted: (state: string) => boolean,
  verb = "",
): void {
  const listed = call("list_tasks", { limit: tasksMax, brief: true });
  if (!listed.ok) return tellRefusal(window, "the tasks are not known", listed);
  const here = taskOf(pane);
  const choices: Choice[] = [];
  for (const task of tablesAt(listed.result, "tasks")) {
    const [id, state] = [textAt(task, "id") ?? "", textAt(task, "state") ?? ""];
    if (!isWanted(state)) continue;
    const choice = { id: verb === "" ? `${state}:${id}` : `${verb}${id}`, label: labelOf(task, state, id) };
    if (id === here || state === "waiting") choices.unshift(choice);
    else choices.push(choice);
  }
  if (choices.length === 0) return tell(verb === "" ? "there are no tasks yet" : "there is no task to cancel");
  choose(window, pane, event, title, choices);
}

function labelOf(task: unknown, state: string, id: string): string {
  const detail = textAt(task, "detail") ?? "";
  return `${signs[state] ?? "?"} ${textAt(task, "title") ?? id}  ${state}${detail === "" || detail === state ? "" : `, ${detail}`}  ${id}`;
}

/** One task was chosen, `state:id`: what can be done with it. */
export function onTask(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const [state, taskId] = splitId(id ?? "");
  if (!isTaskId(taskId)) return;
  const choices: Choice[] = [{ id: `open:${taskId}`, label: "show it in its pane" }];
  if (live.includes(state)) choices.push({ id: `cancel:${taskId}`, label: "cancel it" });
  else {
    choices.push({ id: `reply:${taskId}`, label: "reply: the next prompt in its session" });
    choices.push({ id: `retry:${taskId}`, label: "run it again" });
  }
  choices.push({ id: `logs:${taskId}`, label: "what it says" }, { id: `diff:${taskId}`, label: "what it changed" });
  if (!live.includes(state)) {
    choices.push({ id: `merge:${taskId}`, label: "merge its branch into yours" });
    choices.push({ id: `drop:${taskId}`, label: "drop its branch" });
  }
  choices.push({ id: `tree:${taskId}`, label: "a shell in its working tree" });
  choices.push({ id: `why:${taskId}`, label: "why it is where it is" });
  choose(window, pane, taskActionEvent, taskId, choices);
}

export function onTaskAction(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const [verb, taskId] = splitId(id ?? "");
  if (!isTaskId(taskId)) return;
  switch (verb) {
    case "open":
      return report(window, `the pane of ${taskId} is open`, openPane({ window, pane }, taskId, true));
    case "cancel":
      return report(window, `${taskId} is cancelled`, call("cancel_task", { taskId }));
    case "retry":
      return report(window, `${taskId} runs again`, call("retry_task", { taskId }));
    case "reply":
      return replyTo(window, pane, taskId);
    case "merge":
      return mergeTask(window, taskId);
    case "drop":
      return dropTask(window, pane, taskId);
    case "tree":
      return openTree(window, taskId);
    case "logs":
      return runOcto(window, ["logs", taskId], "pager");
    case "diff":
      return runOcto(window, ["diff", taskId], "pager");
    default:
      return runOcto(window, [verb === "why" ? "why" : "show", taskId], "wait");
  }
}

/** Says what was done, with what the bridge has to say about it; or why it was not. */
export function report(window: wezterm.Window, done: string, result: CallResult): void {
  if (!result.ok) return tellRefusal(window, "not done", result);
  const notice = textAt(result.result, "notice");
  tell(notice === undefined ? done : `${done}; ${notice}`);
}
