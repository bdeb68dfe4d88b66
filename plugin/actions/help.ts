import * as wezterm from "wezterm";
import { commandEvent, commands } from "../commands";
import { setup } from "../setup";
import { choose } from "./forms";

export const helpEvent = "octo-help";

/** The keys and what they do; choosing one does it. Yields. */
export function help(window: wezterm.Window, pane: wezterm.Pane): void {
  const { keys } = setup().options;
  const choices = commands.map(({ name, key, brief }) => {
    const chosen = keys[name] ?? key;
    return { id: name, label: `${chosen === undefined || chosen === false ? " " : chosen}  ${brief}` };
  });
  choose(window, pane, helpEvent, "OpenCode", choices);
}

export function onHelp(window: wezterm.Window, pane: wezterm.Pane, id: string | undefined): void {
  if (id !== undefined && commands.some(({ name }) => name === id)) window.perform_action(wezterm.action.EmitEvent(commandEvent(id)), pane);
}
