import * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { activePane, guiWindows } from "../gui";
import { setup } from "../setup";
import { statusLine } from "./line";

/** One window's status, from a handler of its own `update-status`. WezTerm calls that again only after a status was set. */
export function drawStatusOf(window: wezterm.Window): void {
  const { status } = setup().options;
  if (status === "right") window.set_right_status(statusLine());
  if (status === "left") window.set_left_status(statusLine());
}

let pushed = "";

/** Every window's, at once: called when something changed. Where the user draws the line, `octo-status` tells them. Yields, shortly. */
export function drawStatus(): void {
  const text = statusLine();
  if (text === pushed) return;
  pushed = text;
  const isOff = setup().options.status === "off";
  for (const window of guiWindows()) attempt(() => (isOff ? announce(window) : drawStatusOf(window)));
}

function announce(window: wezterm.Window): void {
  const pane = activePane(window);
  if (pane !== undefined) window.perform_action(wezterm.action.EmitEvent("octo-status"), pane);
}
