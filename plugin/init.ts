import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { commandEvent, commands } from "./commands";
import { addDomains, type DomainConfig } from "./domains";
import { addHandlers } from "./handlers";
import { addKeys, type Config, openTable } from "./keys";
import { followBridge } from "./link/follow";
import { logWarning, warnOnce } from "./log";
import { type PaletteEntry, paletteEntries } from "./palette";
import { isSetUp, setHome, setUp, setup } from "./setup";
import { latestSnapshot, recallSnapshot } from "./state";
import { drawStatusOf } from "./status/draw";
import { partsOf, statusLine } from "./status/line";

// What `require` of this file gives: the plugin's public names are those of Lua, with underscores.

setHome(secondOf(...$vararg));

let begun = false;

/** Adds keys, domains and handlers to the configuration. Pure but for lines in the log; starts nothing, raises nothing. */
export function apply_to_config(config: Config & DomainConfig, options?: unknown): void {
  if (isSetUp()) return warnOnce("apply_to_config was called twice: the first call counts");
  const applied = attempt(() => apply(config, options));
  if (!applied.ok) warnOnce(`it could not be set up: ${applied.message}`);
}

function apply(config: Config & DomainConfig, given: unknown): void {
  const { options } = setUp(given);
  actions.keys = openTable(options.keyTimeoutS);
  const keys = attempt(() => addKeys(config, options));
  if (!keys.ok) warnOnce(`the keys could not be added: ${keys.message}`);
  const domains = attempt(() => options.domains && addDomains(config));
  if (!domains.ok) warnOnce(`the domains could not be added: ${domains.message}`);
  addHandlers(begin);
  wezterm.on("update-status", (window: wezterm.Window) => {
    const drawn = attempt(() => {
      begin();
      drawStatusOf(window);
    });
    if (!drawn.ok) logWarning(`the status could not be drawn: ${drawn.message}`);
  });
  wezterm.on("window-config-reloaded", () => {
    attempt(begin);
  });
}

/** Once a Lua state, from the first event of a window: only there has the GUI its socket, and may something be started. */
function begin(): void {
  if (begun || wezterm.gui === undefined) return;
  begun = true;
  recallSnapshot();
  // Last of all handlers, since WezTerm runs the first only: one of the user's own is never put out of work.
  if (setup().options.palette) wezterm.on("augment-command-palette", paletteEntries);
  wezterm.time.call_after(0, () => {
    const followed = attempt(followBridge);
    if (!followed.ok) logWarning(`the link ended: ${followed.message}`);
  });
}

/** The status line as WezTerm draws it, for a bar of one's own. No I/O. */
export function status_text(): string {
  const line = attempt(statusLine);
  return line.ok ? line.value : "";
}

/** Its parts: a list of `{ text, tone }`, tone one of good, busy, calm, warn, bad. Empty while nothing is known. */
export function segments(): readonly { readonly text: string; readonly tone: string }[] {
  const snapshot = latestSnapshot();
  if (snapshot === undefined) return [];
  const shown = attempt(() => partsOf(snapshot));
  return shown.ok ? shown.value : [];
}

/** The newest snapshot that the bridge sent, or nil. */
export function snapshot(): unknown {
  return latestSnapshot();
}

/** For a handler of `augment-command-palette` of one's own. */
export function palette_entries(): readonly PaletteEntry[] {
  return paletteEntries();
}

/** Every command as an action for keys of one's own; `keys` opens the key table. */
export const actions: Record<string, wezterm.Action> = actionsOf();

function actionsOf(): Record<string, wezterm.Action> {
  const all: Record<string, wezterm.Action> = { keys: openTable(5) };
  for (const { name } of commands) all[name] = wezterm.action.EmitEvent(commandEvent(name));
  return all;
}

/** `require` calls a file with its name and path. */
function secondOf(...given: readonly unknown[]): string | undefined {
  const [, file] = given;
  return typeof file === "string" ? file : undefined;
}
