import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import type { SpawnPaneRequest, Terminal } from "../../ports/terminals";
import type { DomainPane } from "./domain-pane";
import type { OpenedPane } from "./pane-keeper";

/** A folder that every host has: with one that is missing the pane may be gone at once (seen). */
const folderThere = "/";

/**
 * Opens the pane in the domain of its host, and here where there is none, or where WezTerm does not know it yet: a GUI learns of domains
 * at its start only (seen). The errors of `Terminal.spawn`.
 */
export async function spawnSomewhere(
  terminal: Terminal,
  place: SpawnPaneRequest["place"],
  inDomain: DomainPane | undefined,
  here: Pick<SpawnPaneRequest, "command" | "cwd">,
): Promise<OpenedPane> {
  const spawnHere = async (notice: string | undefined) => ({ paneId: await terminal.spawn({ ...here, place, domain: "local" }), notice });
  if (inDomain?.kind !== "there") return spawnHere(inDomain?.notice);
  const { domain, attach } = inDomain;
  try {
    return { paneId: await terminal.spawn({ command: attach.command, cwd: folderThere, place, domain }) };
  } catch (thrown) {
    await attach.drop();
    if (!(thrown instanceof OctoError)) throw thrown;
    // After a timeout it may open yet: a second one would be one too many.
    if (thrown.code !== "DOMAIN_UNKNOWN" && thrown.code !== "WEZTERM_FAILED") throw thrown;
    return spawnHere(whyHere(thrown, domain));
  }
}

function whyHere({ code, message }: OctoError, domain: string): string {
  if (code !== "DOMAIN_UNKNOWN") return `the pane is local: domain ${domain}: ${inert(message)}`;
  return `this WezTerm learns of the domain ${domain} at its next start; until then the pane is local`;
}
