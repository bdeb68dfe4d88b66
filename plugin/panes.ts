import type * as wezterm from "wezterm";
import { directoryOf } from "./directory";
import { isInstanceId, isTaskId } from "./ids";
import { type CallResult, call, refused } from "./link/call";
import { registerGui } from "./link/register";
import { tableAt, tablesAt, textAt } from "./read";
import { setup } from "./setup";
import { knownPanes } from "./state";

/** Where the person is: the bridge opens panes there and gives the view back. */
export interface Place {
  readonly window: wezterm.Window;
  readonly pane: wezterm.Pane;
}

/** The instance that the pane shows, if it is one of octo's. Reads the cached state only. */
export function instanceOf(pane: wezterm.Pane): string | undefined {
  const paneId = pane.pane_id();
  return knownPanes().find((each) => each.paneId === paneId)?.instanceId;
}

/** The task under the pane's cursor. Yields. */
export function taskOf(pane: wezterm.Pane): string | undefined {
  if (instanceOf(pane) === undefined) return undefined;
  const paneId = pane.pane_id();
  const answer = call("pane_views", { guiId: setup().guiId });
  const view = answer.ok ? tablesAt(answer.result, "panes").find((each) => each.paneId === paneId) : undefined;
  return textAt(view, "taskId");
}

/** The folder that a prompt from this pane is for: a pane of octo's has none of its own, so that of the task it shows. Yields. */
export function directoryFor(pane: wezterm.Pane): string | undefined {
  if (instanceOf(pane) === undefined) return directoryOf(pane);
  const taskId = taskOf(pane);
  return taskId === undefined ? undefined : fieldOfTask(taskId, "directory");
}

/** Yields. */
export function fieldOfTask(taskId: string, field: string): string | undefined {
  const answer = isTaskId(taskId) ? call("get_task", { taskId }) : undefined;
  return answer?.ok === true ? textAt(tableAt(answer.result, "task"), field) : undefined;
}

/** Opens the pane of an instance or task in this GUI; `focus`: shows it too, also when it is open already. Yields. */
export function openPane({ window, pane }: Place, target: string, focus: boolean): CallResult {
  if (!isInstanceId(target) && !isTaskId(target)) return refused("INSTANCE_UNKNOWN", `${target} is no instance and no task`, "");
  const { guiId } = setup();
  const params = { target, guiId, windowId: window.window_id(), shownPaneId: pane.pane_id(), focus };
  return registered(() => call("open_pane", params));
}

/** Opens the panes again that went down with an earlier GUI. Yields. */
export function openPanes({ window, pane }: Place): CallResult {
  const { guiId } = setup();
  return registered(() => call("open_panes", { guiId, windowId: window.window_id(), shownPaneId: pane.pane_id() }));
}

/** A bridge that was restarted may not know this GUI yet. */
function registered(ask: () => CallResult): CallResult {
  const first = ask();
  if (first.ok || first.code !== "GUI_UNKNOWN") return first;
  const again = registerGui();
  return again.ok ? ask() : again;
}
