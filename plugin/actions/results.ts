import type * as wezterm from "wezterm";
import type { TaskId } from "../../shared/ids";
import { attempt } from "../attempt";
import { isTaskId } from "../ids";
import { call } from "../link/call";
import { tableAt, textAt, textsAt } from "../read";
import { tell, tellError, tellRefusal } from "../tell";
import { choose, splitId } from "./forms";

// What becomes of a task's branch.

export const dropEvent = "octo-task-drop";

/** Merging and opening take git a while in a large repository. */
const gitTimeoutS = 60;

/** Into the branch that is checked out in the user's repository; the bridge says in what way. Yields. */
export function mergeTask(window: wezterm.Window, taskId: TaskId): void {
  const merged = call("merge_task", { taskId }, gitTimeoutS);
  if (!merged.ok) return tellRefusal(window, "not merged", merged);
  const merge = tableAt(merged.result, "merge");
  const into = textAt(merge, "into") ?? "";
  const notices = textsAt(merge, "notices").map((each) => `; ${each}`);
  if (textAt(merge, "how") === "none") return tell(`everything of ${taskId} is in ${into} already`);
  const files = textsAt(merge, "files").length;
  tell(`${taskId} is merged into ${into}: ${files === 1 ? "one file" : `${files} files`}${notices.join("")}`);
}

/** Asks once more where work would be lost. Yields. */
export function dropTask(window: wezterm.Window, pane: wezterm.Pane, taskId: TaskId): void {
  const dropped = call("drop_task", { taskId }, gitTimeoutS);
  if (!dropped.ok && dropped.code === "BRANCH_NOT_MERGED") {
    return choose(window, pane, dropEvent, `${taskId}: its branch is merged nowhere`, [
      { id: "keep:", label: "keep it" },
      { id: `force:${taskId}`, label: "drop it, with what it changed" },
    ]);
  }
  if (!dropped.ok) return tellRefusal(window, "not dropped", dropped);
  tellDropped(taskId, dropped.result);
}

export function onDrop(window: wezterm.Window, _pane: wezterm.Pane, id: string | undefined): void {
  const [verb, taskId] = splitId(id ?? "");
  if (verb !== "force" || !isTaskId(taskId)) return;
  const dropped = call("drop_task", { taskId, force: true }, gitTimeoutS);
  if (!dropped.ok) return tellRefusal(window, "not dropped", dropped);
  tellDropped(taskId, dropped.result);
}

function tellDropped(taskId: TaskId, result: unknown): void {
  const drop = tableAt(result, "drop");
  tell(`the branch of ${taskId} is dropped; git branch ${textAt(drop, "branch") ?? "NAME"} ${textAt(drop, "commit") ?? ""} brings it back`);
}

/** A shell in a working tree with the task's branch. Yields. */
export function openTree(window: wezterm.Window, taskId: TaskId): void {
  const opened = call("open_task", { taskId }, gitTimeoutS);
  if (!opened.ok) return tellRefusal(window, "no working tree", opened);
  const cwd = textAt(tableAt(opened.result, "open"), "path");
  if (cwd === undefined) return tellError(window, "the bridge names no folder");
  const spawned = attempt(() => window.mux_window().spawn_tab({ cwd, domain: { DomainName: "local" } }));
  if (!spawned.ok) tellError(window, `the tab cannot be opened: ${spawned.message}`);
}
