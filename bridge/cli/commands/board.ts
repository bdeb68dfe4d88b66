import type { Command } from "commander";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";
import { type ExitCode, exitCodes } from "../exit-code";

export function addBoard(program: Command): void {
  program
    .command("board")
    .description("watch and steer everything in this terminal: instances, tasks, asks, cost (? there shows its keys)")
    .action(
      action(async (cli: Cli): Promise<ExitCode> => {
        if (!process.stdin.isTTY || !process.stdout.isTTY) throw new OctoError("BOARD_UNSUITABLE", "the input or output is no terminal");
        if (cli.environment.TERM === "dumb") throw new OctoError("BOARD_UNSUITABLE", "a dumb terminal cannot show it");
        // Compiling it would cost every other command time.
        const loading = import("../board/run-board");
        await cli.ensureBridge();
        const { runBoard } = await loading;
        await runBoard({ client: cli.client, directory: process.cwd() });
        return exitCodes.succeeded;
      }),
    );
}
