import * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { logInfo, logWarning } from "../log";
import { remember, rememberedNumber } from "../memory";
import { pathFor } from "../programs";
import { setup } from "../setup";
import { octoProgram } from "./programs-used";

const startedKey = "bridge_started";

/** Whether this GUI has met a bridge or started one: it does so by itself once, and then only when the person says so. */
export function mayStartBridge(): boolean {
  return setup().options.start && rememberedNumber(startedKey) === 0;
}

export function bridgeWasMet(): void {
  if (rememberedNumber(startedKey) === 0) remember(startedKey, 1);
}

export type StartResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Runs `octo up` and waits for its end; the bridge it starts is nobody's child. `--auto`: not after the person's `octo down`.
 * Yields, up to the 15 s that octo takes at most.
 */
export function startBridge(how: "auto" | "by-hand"): StartResult {
  remember(startedKey, 1);
  const octo = octoProgram();
  if (octo === undefined) return failed("octo is missing: install it, or set the option octo to its path");
  const command = [...environment(octo), octo, "up", ...(how === "auto" ? ["--auto"] : [])];
  const run = attempt(() => {
    const [ok, output, errors] = wezterm.run_child_process(command);
    return { ok, text: errors === "" ? output : errors };
  });
  if (!run.ok) return failed(`${octo} cannot be run: ${run.message}`);
  const [line] = string.match(run.value.text, "^[^\n]+");
  if (!run.value.ok) return failed(line ?? `${octo} failed`);
  logInfo(line ?? "the bridge is up");
  return { ok: true };
}

function environment(octo: string): readonly string[] {
  return ["/usr/bin/env", `PATH=${pathFor(octo)}`, ...setup().folders.environment];
}

function failed(reason: string): StartResult {
  logWarning(reason);
  return { ok: false, reason };
}
