import { textAt } from "../read";
import { setup } from "../setup";

// What the bridge told at the registration of this GUI.

let spool: string | undefined;

export function takeSettings(settings: unknown): void {
  spool = textAt(settings, "spoolFolder") ?? spool;
}

/** A folder of the bridge's that nobody else may enter; it makes both before it listens. */
export function spoolFolder(): string {
  return spool ?? setup().folders.runtime;
}
