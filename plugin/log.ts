import * as wezterm from "wezterm";
import { inert } from "./inert";
import { remember, rememberedText } from "./memory";

const saidKey = "said";
const saidBytesMax = 8192;

export function logInfo(message: string): void {
  wezterm.log_info(`octo: ${inert(message)}`);
}

export function logWarning(message: string): void {
  wezterm.log_warn(`octo: ${inert(message)}`);
}

/**
 * Once a process: the configuration is evaluated many times, and again at each reload. Not in `wezterm cli` and the mux server, which
 * evaluate it too: their stderr is read by other programs.
 */
export function warnOnce(message: string): void {
  if (wezterm.gui === undefined) return;
  const line = `${inert(message)}\n`;
  const known = rememberedText(saidKey) ?? "";
  if (string.find(known, line, 1, true)[0] !== undefined) return;
  remember(saidKey, known.length > saidBytesMax ? line : known + line);
  logWarning(message);
}
