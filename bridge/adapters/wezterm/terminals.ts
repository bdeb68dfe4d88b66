import type { SpawnPaneRequest, Terminal, TerminalAddress, Terminals } from "../../ports/terminals";
import { createCallQueue } from "./call-queue";
import { parseClients, parsePaneId, parsePanes } from "./cli-answers";
import { callCli } from "./cli-call";

export interface TerminalsOptions {
  /** Of the bridge; only what a pane of the person's needs of it is handed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs?: number;
  /** The first pane of a remote domain may have to start a server there (3.6 s seen). */
  readonly spawnTimeoutMs?: number;
}

const waitingMax = 256;

/**
 * Variables that reach the panes: WezTerm gives a spawned program the environment of the `wezterm cli` that asked, and sends it to the
 * other side of a remote domain (read in pty/src/cmdbuilder.rs), so keys and tokens must not be in it.
 */
const handedOn = /^(?:HOME|USER|LOGNAME|PATH|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|XDG_[A-Z_]+|NO_COLOR|EDITOR|VISUAL|PAGER)$/;

/** GUIs of WezTerm by `wezterm cli`; one queue a GUI. */
export function createTerminals({ environment, timeoutMs = 10_000, spawnTimeoutMs = 20_000 }: TerminalsOptions): Terminals {
  const handed = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value !== undefined && handedOn.test(name) ? [[name, value]] : [])),
  );
  return { connect: (address) => connect(address, handed, timeoutMs, spawnTimeoutMs) };
}

function connect(
  address: TerminalAddress,
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
  spawnTimeoutMs: number,
): Terminal {
  const inTurn = createCallQueue(waitingMax);
  const call = (argv: readonly string[], limitMs = timeoutMs): Promise<string> =>
    inTurn(() => callCli({ address, argv, environment, timeoutMs: limitMs }));
  return {
    panes: async () => parsePanes(await call(["list", "--format", "json"])),
    clients: async () => parseClients(await call(["list-clients", "--format", "json"])),
    spawn: async (request) => parsePaneId(await call(spawnArguments(request), spawnTimeoutMs)),
    activate: async (paneId) => void (await call(["activate-pane", "--pane-id", String(paneId)])),
    // After `--`: a title may begin with a dash.
    setTabTitle: async (paneId, title) => void (await call(["set-tab-title", "--pane-id", String(paneId), "--", title])),
    kill: async (paneId) => void (await call(["kill-pane", "--pane-id", String(paneId)])),
  };
}

/** Never by `--pane-id`: for one that is gone, WezTerm opens a new window and says nothing (seen). */
function spawnArguments({ command, cwd, place, domain }: SpawnPaneRequest): readonly string[] {
  const where = "windowId" in place ? ["--window-id", String(place.windowId)] : ["--new-window", "--workspace", place.newWindowIn];
  return ["spawn", ...where, "--domain-name", domain, "--cwd", cwd, "--", ...command];
}
