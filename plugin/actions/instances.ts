import type * as wezterm from "wezterm";
import { isInstanceId } from "../ids";
import { call } from "../link/call";
import { openPane, openPanes } from "../panes";
import { numberAt, tablesAt, textAt } from "../read";
import { setup } from "../setup";
import { tell, tellRefusal } from "../tell";
import { dispatchToInstance } from "./dispatch";
import { choose, splitId } from "./forms";
import { report } from "./tasks";
import { runOcto } from "./terminal";

export const instanceEvent = "octo-instance";
export const instanceActionEvent = "octo-instance-action";

/** Starts one more instance, and opens its pane here. Yields. */
export function newInstance(window: wezterm.Window, pane: wezterm.Pane): void {
  const spawned = call("spawn_opencode_server", { count: 1 }, 60);
  if (!spawned.ok) return tellRefusal(window, "no new instance", spawned);
  for (const instance of tablesAt(spawned.result, "instances")) {
    const id = textAt(instance, "id") ?? "";
    tell(`instance ${textAt(instance, "name") ?? id} starts`);
    if (!setup().options.panes) continue;
    const opened = openPane({ window, pane }, id, false);
    const notice = opened.ok ? textAt(opened.result, "notice") : undefined;
    if (notice !== undefined) tell(notice);
    if (!opened.ok) tellRefusal(window, "its pane is not open", opened);
  }
}

/** The list of instances. Yields. */
export function instances(window: wezterm.Window, pane: wezterm.Pane): void {
  const listed = call("list_opencode_servers", {});
  if (!listed.ok) return tellRefusal(window, "the instances are not known", listed);
  const choices = tablesAt(listed.result, "instances").map((instance) => {
    const id = textAt(instance, "id") ?? "";
    const slots = `${string.format("%d", numberAt(instance, "running"))}/${string.format("%d", numberAt(instance, "slots"))}`;
    const error = instance.error === undefined ? "" : `  ${textAt(instance.error, "message") ?? ""}`;
    return {
      id,
      label: `${textAt(instance, "name") ?? id}  ${textAt(instance, "state") ?? ""}  ${slots}  ${textAt(instance, "host") ?? ""}${error}`,
    };
  });
  if (choices.length === 0) return tell("there are no instances yet: a task starts the first one");
  choose(window, pane, instanceEvent, "Instances", choices);
}

export function onInstance(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  if (!isInstanceId(id)) return;
  choose(window, pane, instanceActionEvent, id, [
    { id: `open:${id}`, label: "show its pane" },
    { id: `dispatch:${id}`, label: "dispatch a prompt to it" },
    { id: `restart:${id}`, label: "restart it" },
    { id: `drain:${id}`, label: "drain it: finish, take no new work" },
    { id: `stop:${id}`, label: "stop it" },
    { id: `logs:${id}`, label: "its log" },
  ]);
}

export function onInstanceAction(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const [verb, instanceId] = splitId(id ?? "");
  if (!isInstanceId(instanceId)) return;
  switch (verb) {
    case "open":
      return report(window, "its pane is open", openPane({ window, pane }, instanceId, true));
    case "dispatch":
      return dispatchToInstance(window, pane, instanceId);
    case "restart":
      return report(window, "it is restarted", call("restart_instance", { instanceId }));
    case "drain":
      return report(window, "it finishes its work", call("drain_instance", { instanceId }));
    case "stop":
      return report(window, "it is stopped", call("stop_instance", { instanceId }, 30));
    default:
      return runOcto(window, ["logs", instanceId], "pager");
  }
}

/** The panes that went down with an earlier window. Yields. */
export function reopenPanes(window: wezterm.Window, pane: wezterm.Pane): void {
  const opened = openPanes({ window, pane });
  if (!opened.ok) return tellRefusal(window, "the panes are not open", opened);
  tell(`${tablesAt(opened.result, "panes").length} panes are open`);
}
