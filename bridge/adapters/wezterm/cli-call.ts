import { execa } from "execa";
import type { TerminalAddress } from "../../ports/terminals";
import { cliError } from "./cli-error";

const answerBytesMax = 8 * 1024 * 1024;

export interface CliCall {
  readonly address: TerminalAddress;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Runs `wezterm cli` on one GUI's socket and gives what it printed. `--no-auto-start` always: without it, a GUI that is gone makes
 * the program start a mux server of its own that nobody sees (seen).
 */
export async function callCli({ address, argv, environment, timeoutMs }: CliCall): Promise<string> {
  const done = await execa(address.command, ["cli", "--no-auto-start", ...argv], {
    env: { ...environment, WEZTERM_UNIX_SOCKET: address.socketPath },
    extendEnv: false,
    timeout: timeoutMs,
    forceKillAfterDelay: 500,
    maxBuffer: answerBytesMax,
    stdin: "ignore",
    reject: false,
  });
  if (!done.failed) return done.stdout;
  throw cliError({
    command: address.command,
    what: argv[0] ?? "",
    systemCode: done.code,
    timedOut: done.timedOut,
    timeoutMs,
    exitCode: done.exitCode,
    signal: done.signal,
    stderr: done.stderr,
  });
}
