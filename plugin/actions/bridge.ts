import type * as wezterm from "wezterm";
import { startBridge } from "../link/start-bridge";
import { tell, tellError } from "../tell";
import { runOcto } from "./terminal";

/** The person says up. Yields, up to 15 s. */
export function startByHand(window: wezterm.Window): void {
  tell("the bridge starts");
  const started = startBridge("by-hand");
  if (started.ok) tell("the bridge is up");
  else tellError(window, `the bridge is not up: ${started.reason}`);
}

export function board(window: wezterm.Window): void {
  runOcto(window, ["board"], "none");
}
