import { basename } from "node:path";
import type { Command } from "commander";
import { plural } from "../../figures";
import { oneLine } from "../../inert";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";

export function addPanes(program: Command): void {
  program
    .command("panes")
    .description("in a pane of WezTerm: open the panes of octo again that went down with an earlier WezTerm")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli) => {
        const { panes } = await cli.client.call("open_panes", placeOf(cli.environment));
        return cli.print({ panes }, () => {
          const lines = panes.map(({ paneId, target }) => `  ${paneId}  ${oneLine(target)}\n`);
          return `${plural(panes.length, "pane")} opened\n${lines.join("")}`;
        });
      }),
    );
}

/**
 * The GUI and the pane that this runs in. The socket's name holds the GUI's process id; a mux server's does not (both seen). In another
 * server's pane the number of the pane is that server's own: PANE_UNSUITABLE.
 */
function placeOf(environment: Readonly<Record<string, string>>): { readonly guiId: number; readonly shownPaneId?: number } {
  const { WEZTERM_UNIX_SOCKET: socket, WEZTERM_PANE: pane } = environment;
  const guiId = Number(/^gui-sock-(\d+)$/.exec(basename(socket ?? ""))?.[1]);
  if (!Number.isSafeInteger(guiId)) throw new OctoError("PANE_UNSUITABLE", "this is no pane of a WezTerm window");
  return /^\d{1,9}$/.test(pane ?? "") ? { guiId, shownPaneId: Number(pane) } : { guiId };
}
