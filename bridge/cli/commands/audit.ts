import { type Command, InvalidArgumentError } from "commander";
import { action, type Cli } from "../cli";
import { findTask } from "../find";
import { durationMs, wholeNumber } from "../option-values";

interface AuditOptions {
  readonly task?: string;
  /** Epoch ms. */
  readonly since?: number;
  readonly limit?: number;
}

export function addAudit(program: Command): void {
  program
    .command("audit")
    .description("list what was asked, what was answered, when, and by whom or which rule")
    .option("--task <task>", "only of this task")
    .option("--since <time>", "only since then: a time ago like 2h or 7d, or a date like 2026-05-01", since)
    .option("--limit <n>", "so many at most, the latest (default: 200)", wholeNumber(1, 1_000))
    .option("--json", "print JSON, with all that was asked")
    .action(
      action(async (cli: Cli, { task, since: sinceEpochMs, limit }: AuditOptions) => {
        const taskId = task === undefined ? undefined : (await findTask(cli.client, task)).id;
        const { entries } = await cli.client.call("list_audit", { taskId, sinceEpochMs, limit });
        return cli.print({ entries }, async () => (await import("../show-audit")).showAudit(entries, cli.terminal.outStyle));
      }),
    );
}

function since(text: string): number {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const epochMs = Date.parse(text);
    if (Number.isNaN(epochMs)) throw new InvalidArgumentError("Give a date like 2026-05-01 or 2026-05-01T09:30.");
    return Math.max(0, epochMs);
  }
  return Math.max(0, Date.now() - durationMs(text));
}
