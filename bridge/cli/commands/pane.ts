import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";
import { type ExitCode, exitCodes } from "../exit-code";
import { findSubject } from "../find-subject";

/** What a terminal sends to the whole group of processes in it; the pane decides, and ends. */
const passedSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function addPane(program: Command): void {
  program
    .command("pane <task-or-instance>")
    .description("show a task or an instance in this terminal, as in a pane of WezTerm: its work, its asks, Enter for OpenCode itself")
    .option("--tui", "begin with OpenCode's own TUI")
    .action(
      action(async (cli: Cli, given: string, options: { readonly tui?: boolean }): Promise<ExitCode> => {
        if (!process.stdin.isTTY || !process.stdout.isTTY) throw new OctoError("PANE_UNSUITABLE", "the input or output is no terminal");
        const { id } = await findSubject(cli.client, given);
        const code = await runPane([...(options.tui ? ["-t"] : []), cli.folders.socketFile, id]);
        return code === 0 ? exitCodes.succeeded : code === exitCodes.detached ? exitCodes.detached : exitCodes.failed;
      }),
    );
}

/** Beside the bundle this code is in; its exit code. */
async function runPane(argv: readonly string[]): Promise<number> {
  const script = fileURLToPath(new URL("./octo-pane.sh", import.meta.url));
  const child = spawn("/bin/sh", [script, ...argv], { stdio: "inherit" });
  // It restores the terminal first; without a handler this process would end before it.
  const pass = (signal: NodeJS.Signals): void => {
    if (signal !== "SIGINT") child.kill(signal);
  };
  for (const signal of passedSignals) process.on(signal, pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
  } finally {
    for (const signal of passedSignals) process.off(signal, pass);
  }
}
