import * as wezterm from "wezterm";
import { attempt } from "./attempt";

/** The windows of this GUI; none in the mux server. Those of workspaces that are not shown are not among them. */
export function guiWindows(): readonly wezterm.Window[] {
  const { gui } = wezterm;
  if (gui === undefined) return [];
  const found = attempt(() => gui.gui_windows());
  return found.ok ? found.value : [];
}

export function activePane(window: wezterm.Window): wezterm.Pane | undefined {
  const found = attempt(() => window.mux_window().active_pane());
  return found.ok ? found.value : undefined;
}

/** Is the pane in the tab that a window with the keyboard shows? Yields. */
export function isInView(paneId: number): boolean {
  for (const window of guiWindows()) {
    const seen = attempt(() => showsPane(window, paneId) && window.is_focused());
    if (seen.ok && seen.value) return true;
  }
  return false;
}

function showsPane(window: wezterm.Window, paneId: number): boolean {
  for (const pane of window.active_tab()?.panes() ?? []) if (pane.pane_id() === paneId) return true;
  return false;
}

/** Shows the pane and gives it the keyboard, whatever window or workspace it is in. Raises nothing; false when it is gone. */
export function showPane(paneId: number): boolean {
  const shown = attempt(() => {
    const pane = wezterm.mux.get_pane(paneId);
    const window = pane.window();
    const workspace = window?.get_workspace();
    if (workspace !== undefined && workspace !== wezterm.mux.get_active_workspace()) wezterm.mux.set_active_workspace(workspace);
    pane.activate();
    for (const each of guiWindows()) if (each.window_id() === window?.window_id()) each.focus();
  });
  return shown.ok;
}
