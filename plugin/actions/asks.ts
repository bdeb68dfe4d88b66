import type * as wezterm from "wezterm";
import type { AskAnswer } from "../../shared/ask";
import { isAskId } from "../ids";
import { call } from "../link/call";
import { openPane } from "../panes";
import { numberAt, tableAt, tablesAt, textAt, textsAt } from "../read";
import { tell, tellRefusal } from "../tell";
import { askLine, type Choice, choose, endForm, formOf, keepForm, splitId } from "./forms";
import { showQuestion } from "./questions";
import { report } from "./tasks";
import { rowColumns, rowsOf } from "./whole-text";

export const askEvent = "octo-ask-chosen";
export const askActionEvent = "octo-ask-action";
export const denyEvent = "octo-ask-deny";

/** What waits for the person, oldest first; a single one is shown at once. Yields. */
export function asks(window: wezterm.Window, pane: wezterm.Pane): void {
  const listed = call("list_asks", {});
  if (!listed.ok) return tellRefusal(window, "the asks are not known", listed);
  const open = tablesAt(listed.result, "asks");
  const [only] = open;
  if (only === undefined) return tell("nothing waits for you");
  if (open.length === 1) return showAsk(window, pane, only);
  const choices = open.map((ask) => ({ id: textAt(ask, "id") ?? "", label: `${textAt(ask, "title") ?? ""}  ${originOf(ask)}` }));
  choose(window, pane, askEvent, "Waits for you", choices);
}

export function onAsk(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  if (id === undefined) return;
  const listed = call("list_asks", {});
  if (!listed.ok) return tellRefusal(window, "the asks are not known", listed);
  const ask = tablesAt(listed.result, "asks").find((each) => textAt(each, "id") === id);
  if (ask === undefined) return tell("it was answered already");
  showAsk(window, pane, ask);
}

/** What may be answered, and below it what is asked for, whole. */
function showAsk(window: wezterm.Window, pane: wezterm.Pane, ask: unknown): void {
  const id = textAt(ask, "id") ?? "";
  const content = tableAt(ask, "content");
  if (textAt(content, "kind") === "question") return showQuestion(window, pane, ask);
  const columns = rowColumns(window);
  const always = textsAt(content, "always").join(", ");
  const choices: Choice[] = [
    { id: `once:${id}`, label: "allow once" },
    ...rowsOf(`always:${id}`, `allow always${always === "" ? "" : `: ${always}`}`, columns),
    { id: `deny:${id}`, label: "deny" },
    { id: `tell:${id}`, label: "deny and say what to do instead" },
  ];
  const instanceId = textAt(ask, "instanceId");
  if (instanceId !== undefined) choices.push({ id: `open:${instanceId}`, label: "show its pane" });
  const asked = `${textAt(content, "permission") ?? ""}\n${textsAt(content, "patterns").join("\n")}${detailsOf(content)}\n${originOf(ask)}${limitOf(ask)}`;
  choices.push(...rowsOf(`text:${id}`, `── it asks for ${asked}`, columns, "  │ "));
  choose(window, pane, askActionEvent, textAt(ask, "title") ?? id, choices);
}

/** What the tool says about it: a command, a diff. A command that is the only pattern is there already. */
function detailsOf(content: unknown): string {
  const [first, second] = textsAt(content, "patterns");
  let text = "";
  for (const detail of tablesAt(content, "details")) {
    const said = textAt(detail, "text") ?? "";
    if (said !== first || second !== undefined) text += `\n${textAt(detail, "name") ?? ""}: ${said}`;
  }
  return text;
}

function originOf(ask: unknown): string {
  const task = textAt(ask, "taskTitle");
  return `for ${task ?? "a session of yours"}, on ${textAt(ask, "instanceName") ?? "?"} (${textAt(ask, "host") ?? "?"})`;
}

/** When octo denies it by itself. */
function limitOf(ask: unknown): string {
  const atEpochMs = numberAt(ask, "deniedAtEpochMs");
  return atEpochMs === 0 ? "" : `\ndenied at ${os.date("%H:%M:%S", Math.floor(atEpochMs / 1000))} unless you answer before`;
}

export function onAskAction(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  const [verb, rest] = splitId(id ?? "");
  // A row of the text: it is only to be read.
  if (verb === "text") return onAsk(window, pane, rest);
  if (verb === "open") return report(window, "its pane is open", openPane({ window, pane }, rest, true));
  if (verb === "once") answer(window, rest, { kind: "allow", scope: "once" });
  if (verb === "always") answer(window, rest, { kind: "allow", scope: "always" });
  if (verb === "deny") answer(window, rest, { kind: "deny" });
  if (verb !== "tell") return;
  keepForm(window, { askId: rest });
  askLine(window, pane, denyEvent, "What to do instead");
}

export function onDenial(window: wezterm.Window, _pane: wezterm.Pane, line: string | undefined): void {
  const askId = textAt(formOf(window), "askId");
  endForm(window);
  if (askId === undefined || line === undefined) return;
  answer(window, askId, line === "" ? { kind: "deny" } : { kind: "deny", message: line });
}

function answer(window: wezterm.Window, askId: string, given: AskAnswer): void {
  if (!isAskId(askId)) return;
  report(window, "answered", call("answer_ask", { askId, answer: given, surface: "palette" }));
}
