import { Command } from "commander";
import { errorCodes, nextStep } from "../../shared/errors";
import { type Folders, octoFolders } from "../folders";
import { inert } from "../inert";
import { toErrorInfo } from "../octo-error";
import { ownEnvironment } from "../own-environment";
import { type Client, createClient } from "./client";
import type { EnsuredBridge } from "./ensure-bridge";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code";
import { endHoldDown } from "./hold-down";
import { createTerminal, type Terminal, toJson } from "./terminal";

/** What a command works with. */
export interface Cli {
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: Folders;
  readonly client: Client;
  readonly terminal: Terminal;
  /** `--json`: stdout gets one JSON value and nothing else. */
  readonly json: boolean;
  /** Starts the bridge where none runs, saying so; a person wants it, so `octo down` is over. */
  ensureBridge(): Promise<EnsuredBridge>;
  /** Prints the value with `--json`, else what `show` makes of it; gives the exit code of success, to return. */
  print(value: unknown, show: () => string | Promise<string>): Promise<ExitCode>;
}

/**
 * Makes a command's action: gives it a `Cli`, shows what it raises (also as JSON) and sets the exit code. Commander calls actions
 * with the arguments, the options and the command.
 */
export function action<Args extends unknown[]>(run: (cli: Cli, ...args: Args) => Promise<ExitCode>): (...args: Args) => Promise<void> {
  return async (...args) => {
    const command: unknown = args.at(-1);
    const json = command instanceof Command && command.opts().json === true;
    const terminal = createTerminal(process.stdout, process.stderr, process.env);
    try {
      process.exitCode = await run(createCli(terminal, json), ...args);
    } catch (thrown) {
      process.exitCode = showError(thrown, terminal, json);
    }
  };
}

function createCli(terminal: Terminal, json: boolean): Cli {
  const environment = ownEnvironment();
  const folders = octoFolders(environment);
  const client = createClient(folders.socketFile);
  return {
    environment,
    folders,
    client,
    terminal,
    json,
    async ensureBridge() {
      const { ensureBridge } = await import("./ensure-bridge");
      await endHoldDown(folders);
      const ensured = await ensureBridge({ client, folders, environment });
      if (ensured.started && !json) terminal.note(terminal.noteStyle.dim(`started the bridge (pid ${ensured.hello.bridge.pid})\n`));
      return ensured;
    },
    async print(value, show) {
      terminal.out(json ? toJson(value) : await show());
      return exitCodes.succeeded;
    },
  };
}

function showError(thrown: unknown, terminal: Terminal, json: boolean): ExitCode {
  const info = toErrorInfo(thrown);
  if (json) {
    terminal.out(toJson({ error: { ...info, next: nextStep(info), retryable: errorCodes[info.code].retryable } }));
  } else {
    const { red, dim } = terminal.noteStyle;
    terminal.note(`${red("error")} ${dim(info.code)}: ${inert(info.message)}\n${nextStep(info)}\n`);
  }
  return exitCodeOf(info.code);
}
