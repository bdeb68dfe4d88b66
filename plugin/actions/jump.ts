import type * as wezterm from "wezterm";
import { showPane } from "../gui";
import { call } from "../link/call";
import { instanceOf, openPane } from "../panes";
import { tablesAt, textAt } from "../read";
import { knownPanes } from "../state";
import { tell, tellRefusal } from "../tell";
import { report } from "./tasks";

/** Shows the next pane whose instance waits for the person, in turn; one without a pane gets one. Yields. */
export function jump(window: wezterm.Window, pane: wezterm.Pane): void {
  const listed = call("list_asks", {});
  if (!listed.ok) return tellRefusal(window, "the asks are not known", listed);
  const waiting: string[] = [];
  for (const ask of tablesAt(listed.result, "asks")) {
    const instanceId = textAt(ask, "instanceId");
    if (instanceId !== undefined && !waiting.includes(instanceId)) waiting.push(instanceId);
  }
  const here = instanceOf(pane);
  const next = waiting[(here === undefined ? 0 : waiting.indexOf(here) + 1) % Math.max(1, waiting.length)];
  if (next === undefined) return tell("nothing waits for you");
  const place = knownPanes().find(({ instanceId }) => instanceId === next);
  if (place !== undefined && showPane(place.paneId)) return;
  report(window, "its pane is open", openPane({ window, pane }, next, true));
}
