import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { isInView } from "./gui";
import { isTaskId } from "./ids";
import { call } from "./link/call";
import { logWarning } from "./log";
import { type News, nextNews } from "./news";
import { tableAt, tablesAt, textAt } from "./read";
import { setup } from "./setup";
import { latestSnapshot } from "./state";
import { toast } from "./tell";

/** More at once are told as one. */
const toastsMax = 3;

/** Hands out the news that wait: to the user's own handlers, and to the person when they do not see it. Yields. */
export function deliverNews(window: wezterm.Window, pane: wezterm.Pane): void {
  let toasts = 0;
  for (let news = nextNews(); news !== undefined; news = nextNews()) {
    const told = news;
    const emitted = attempt(() => wezterm.emit(`octo-${told.kind}`, window, pane, told));
    if (!emitted.ok) logWarning(`a handler of octo-${told.kind} failed: ${emitted.message}`);
    if (!setup().options.toasts || (told.kind !== "ask" && told.kind !== "task-finished")) continue;
    // The person did that.
    if (told.kind === "task-finished" && told.state === "cancelled") continue;
    toasts += 1;
    if (toasts <= toastsMax) toastUnlessSeen(window, told);
  }
  if (toasts > toastsMax) toast(window, "octo", `and ${toasts - toastsMax} more: see the tasks and asks`);
}

type Told = Extract<News, { readonly kind: "ask" | "task-finished" }>;

function toastUnlessSeen(window: wezterm.Window, news: Told): void {
  const instanceId = news.kind === "ask" ? instanceOfAsk(news.ask_id) : instanceOfTask(news.task_id);
  const place = (latestSnapshot()?.panes ?? []).find((each) => each.instanceId === instanceId);
  if (place !== undefined && isInView(place.paneId)) return;
  const where = instanceId === undefined ? "" : ` (${nameOfInstance(instanceId)})`;
  if (news.kind === "ask") toast(window, `octo: waits for you${where}`, news.title);
  else toast(window, `octo: ${news.state}${where}`, news.title);
}

function instanceOfAsk(askId: string): string | undefined {
  const answer = call("list_asks", {});
  const ask = answer.ok ? tablesAt(answer.result, "asks").find((each) => textAt(each, "id") === askId) : undefined;
  return textAt(ask, "instanceId");
}

function instanceOfTask(taskId: string): string | undefined {
  const answer = isTaskId(taskId) ? call("get_task", { taskId }) : undefined;
  const task = answer?.ok === true ? tableAt(answer.result, "task") : undefined;
  const attempts = tablesAt(task, "attempts");
  return textAt(task, "instanceId") ?? textAt(attempts[attempts.length - 1], "instanceId");
}

function nameOfInstance(instanceId: string): string {
  const answer = call("list_opencode_servers", {});
  const instance = answer.ok ? tablesAt(answer.result, "instances").find((each) => textAt(each, "id") === instanceId) : undefined;
  return textAt(instance, "name") ?? instanceId;
}
