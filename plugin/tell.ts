import type * as wezterm from "wezterm";
import { attempt } from "./attempt";
import { short } from "./inert";
import type { CallResult } from "./link/call";
import { logInfo, logWarning } from "./log";
import { setNotice } from "./state";
import { drawStatus } from "./status/draw";

const noticeS = 8;
const toastMs = 8000;
const toastColumnsMax = 200;

/** Says it in the status line for a while, and in the log. */
export function tell(text: string): void {
  logInfo(text);
  setNotice({ text, isError: false, untilS: os.time() + noticeS });
  drawStatus();
}

/** The same for what went wrong, and as a notification of the desktop: the status line may be off. */
export function tellError(window: wezterm.Window, text: string): void {
  logWarning(text);
  setNotice({ text, isError: true, untilS: os.time() + noticeS });
  drawStatus();
  toast(window, "octo", text);
}

/** The refusal of a call with the step that helps. */
export function tellRefusal(window: wezterm.Window, what: string, refusal: Extract<CallResult, { readonly ok: false }>): void {
  tellError(window, `${what}: ${refusal.code}: ${refusal.message}. ${refusal.next}`);
}

/** Desktops read markup in notifications: nothing of it is left. */
export function toast(window: wezterm.Window, title: string, text: string): void {
  const [message] = string.gsub(short(text, toastColumnsMax), "<", "‹");
  attempt(() => window.toast_notification(short(title, toastColumnsMax), message, undefined, toastMs));
}
