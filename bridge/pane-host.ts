import { readdir, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PaneViewKind } from "../shared/pane";
import { createTerminals } from "./adapters/wezterm/terminals";
import { ensurePrivateFolder, type Folders } from "./folders";
import type { BridgeLog } from "./log";
import type { PaneHost } from "./runtime/panes/create-panes";
import { paneBookFile } from "./runtime/panes/pane-book-file";

export interface PaneHostOptions {
  readonly folders: Folders;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly view: PaneViewKind;
  readonly log: BridgeLog;
  readonly useSshAuthSock: (path: string) => void;
}

const spoolKeptMs = 24 * 60 * 60_000;

/** The outside of panes on this machine: WezTerm's command line, the list kept in the state folder, the shell program of the thin view. */
export function paneHost({ folders, environment, view, log, useSshAuthSock }: PaneHostOptions): PaneHost {
  const home = environment.HOME;
  return {
    terminals: createTerminals({ environment }),
    file: paneBookFile(folders.panesFile, (message, details) => log.warn(details, message)),
    paneCommand: ["/bin/sh", paneScript(), ...(view === "tui" ? ["-t"] : []), folders.socketFile],
    folder: home !== undefined && isAbsolute(home) ? home : homedir(),
    spoolFolder: folders.spool,
    async greeted({ sshAuthSock }) {
      if (sshAuthSock !== undefined) useSshAuthSock(sshAuthSock);
      await tidySpool(folders.spool);
    },
  };
}

/** Beside the bundle that this code is in. */
function paneScript(): string {
  return fileURLToPath(new URL("./octo-pane.sh", import.meta.url));
}

/** Afterwards the folder is there and private, without what clients left in it more than a day ago. */
export async function tidySpool(spool: string): Promise<void> {
  await ensurePrivateFolder(spool);
  const oldestMs = Date.now() - spoolKeptMs;
  for (const name of await readdir(spool)) {
    const path = join(spool, name);
    const found = await stat(path).catch(() => undefined);
    if (found && found.mtimeMs < oldestMs) await rm(path, { recursive: true, force: true });
  }
}
