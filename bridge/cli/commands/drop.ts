import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import type { TaskId } from "../../../shared/ids";
import type { DropResult } from "../../../shared/result";
import { inert, oneLine } from "../../inert";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";
import type { ExitCode } from "../exit-code";
import { forEachTask } from "../for-each-task";
import type { Style } from "../terminal";

const dropTimeoutMs = 120_000;

export function addDrop(program: Command): void {
  program
    .command("drop <task...>")
    .description("delete tasks' branches; asks (or refuses) where they hold what is merged nowhere")
    .option("-f, --force", "also what is merged nowhere")
    .option("--json", "print JSON")
    .action(
      action((cli: Cli, given: readonly string[], { force }: { readonly force?: boolean }): Promise<ExitCode> => {
        return forEachTask(cli, given, {
          name: "drops",
          change: (taskId) => drop(cli, taskId, force ?? false),
          show: (dropped) => showDrop(dropped, cli.terminal.outStyle),
        });
      }),
    );
}

async function drop(cli: Cli, taskId: TaskId, force: boolean): Promise<DropResult> {
  const call = async (forced: boolean): Promise<DropResult> =>
    (await cli.client.call("drop_task", { taskId, force: forced }, { timeoutMs: dropTimeoutMs })).drop;
  try {
    return await call(force);
  } catch (thrown) {
    const askable = thrown instanceof OctoError && thrown.code === "BRANCH_NOT_MERGED" && !cli.json && process.stdin.isTTY;
    if (!askable || !(await confirmed(`${inert(thrown.message)}. Delete it? [y/N] `))) throw thrown;
    return call(true);
  }
}

async function confirmed(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

function showDrop({ branch, commit, already }: DropResult, style: Style): string {
  const name = oneLine(branch);
  if (already) return `${name} was gone already; it held ${commit}\n`;
  return `dropped ${style.bold(name)}; to bring it back: git branch ${name} ${commit}\n`;
}
