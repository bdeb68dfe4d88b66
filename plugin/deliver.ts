import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { isInView } from "./gui";
import { isTaskId } from "./ids";
import { call } from "./link/call";
import { logWarning } from "./log";
import { type News, nextNews } from "./news";
import { isTable, tableAt, tablesAt, textAt } from "./read";
import { setup } from "./setup";
import { knownPanes } from "./state";
import { toast } from "./tell";

/** More at once are told as one. */
const toastsMax = 3;
/** A GUI without the pane lets the one that has it go first. */
const otherGuisMs = 200;

/** Hands out the news that wait: to the person when they do not see it, then to the user's own handlers, which may take long. Yields. */
export function deliverNews(window: wezterm.Window, pane: wezterm.Pane): void {
  let toasts = 0;
  for (let news = nextNews(); news !== undefined; news = nextNews()) {
    const told = news;
    if (isToasted(told)) {
      toasts += 1;
      if (toasts <= toastsMax) toastUnlessSeen(window, told);
    }
    const emitted = attempt(() => wezterm.emit(`octo-${told.kind}`, window, pane, told));
    if (!emitted.ok) logWarning(`a handler of octo-${told.kind} failed: ${emitted.message}`);
  }
  if (toasts > toastsMax) toast(window, "octo", `and ${toasts - toastsMax} more: see the tasks and asks`);
}

function isToasted(news: News): news is Told {
  if (!setup().options.toasts) return false;
  // A task that was cancelled: the person did that.
  return news.kind === "ask" || news.kind === "notice" || (news.kind === "task-finished" && news.state !== "cancelled");
}

type Told = Extract<News, { readonly kind: "ask" | "task-finished" | "notice" }>;

/** One GUI of several tells: the one that shows the instance, or the first. */
function toastUnlessSeen(window: wezterm.Window, news: Told): void {
  const instanceId = instanceOf(news);
  const place = knownPanes().find((each) => each.instanceId === instanceId);
  if (place === undefined) wezterm.sleep_ms(otherGuisMs);
  const isSeen = place !== undefined && isInView(place.paneId);
  const claimed = call("claim_toast", { subject: subjectOf(news) });
  // A bridge that does not know the question grants it.
  if (isSeen || (claimed.ok && isTable(claimed.result) && claimed.result.granted === false)) return;
  if (news.kind === "notice") {
    const [what] = string.gsub(news.on, "%.", " ");
    return toast(window, `octo: ${what}`, news.text);
  }
  const where = instanceId === undefined ? "" : ` (${nameOfInstance(instanceId)})`;
  if (news.kind === "ask") toast(window, `octo: waits for you${where}`, news.title);
  else toast(window, `octo: ${news.state}${where}`, news.title);
}

/** What the bridge grants once. */
function subjectOf(news: Told): string {
  if (news.kind === "notice") return news.notice_id;
  return news.kind === "ask" ? news.ask_id : `${news.task_id} ${news.state}`;
}

function instanceOf(news: Told): string | undefined {
  if (news.kind === "notice") return news.instance_id;
  return news.kind === "ask" ? instanceOfAsk(news.ask_id) : instanceOfTask(news.task_id);
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
