import * as wezterm from "wezterm";
import { commandEvent, commands } from "./commands";

export interface PaletteEntry {
  readonly brief: string;
  readonly icon: string;
  readonly action: wezterm.Action;
}

/** Every command for the command palette; `augment-command-palette` wants such a list. */
export function paletteEntries(): readonly PaletteEntry[] {
  return commands.map(({ name, brief, icon }) => ({
    brief: `OpenCode: ${brief}`,
    icon,
    action: wezterm.action.EmitEvent(commandEvent(name)),
  }));
}
