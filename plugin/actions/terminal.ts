import type * as wezterm from "wezterm";
import { attempt } from "../attempt";
import { octoProgram } from "../link/programs-used";
import { pathFor } from "../programs";
import { setup } from "../setup";
import { tellError } from "../tell";

/** Shows what a program of octo's says, and waits for a key before the tab goes. */
const showAndWait = '"$@"; printf "\\n[Enter closes this tab] "; read -r answer';
const waitWhenItFails = `"$@" || { printf "\\n[Enter closes this tab] "; read -r answer; }`;
const showInPager = `"$@" 2>&1 | \${PAGER:-less}`;

export type Ending = "wait" | "pager" | "none";
const scripts: Readonly<Record<Ending, string>> = { wait: showAndWait, pager: showInPager, none: waitWhenItFails };

/** Runs `octo ARGS` in a new tab of this machine. Yields. */
export function runOcto(window: wezterm.Window, args: readonly string[], ending: Ending): void {
  const octo = octoProgram();
  if (octo === undefined) return tellError(window, "octo is missing: install it, or set the option octo to its path");
  const command = ["/usr/bin/env", `PATH=${pathFor(octo)}`, ...setup().folders.environment, octo, ...args];
  const spawned = attempt(() => {
    const [tab] = window
      .mux_window()
      .spawn_tab({ args: ["/bin/sh", "-c", scripts[ending], "sh", ...command], domain: { DomainName: "local" } });
    // Else it would be called by the shell in between.
    tab.set_title(`octo ${args[0] ?? ""}`);
  });
  if (!spawned.ok) tellError(window, `the tab cannot be opened: ${spawned.message}`);
}
