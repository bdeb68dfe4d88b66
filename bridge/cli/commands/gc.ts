import type { Command } from "commander";
import type { GcReport, Leftover } from "../../../shared/result";
import { oneLine } from "../../inert";
import { action, type Cli } from "../cli";
import type { ExitCode } from "../exit-code";
import { durationMs } from "../option-values";
import type { Style } from "../terminal";

/** Many repositories, each asked for many branches. */
const gcTimeoutMs = 10 * 60_000;

export function addGc(program: Command): void {
  program
    .command("gc")
    .description("remove branches and worktrees of merged and dropped tasks, and list what nobody owns; no work is lost")
    .option("--older-than <time>", "only of tasks that ended so long ago (default: 14d)", durationMs)
    .option("-n, --dry-run", "only say what would go")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, options: { readonly olderThan?: number; readonly dryRun?: boolean }): Promise<ExitCode> => {
        const dryRun = options.dryRun ?? false;
        const report = await cli.client.call("gc", { olderThanMs: options.olderThan, dryRun }, { timeoutMs: gcTimeoutMs });
        return cli.print(report, () => showReport(report, dryRun, cli.terminal.outStyle));
      }),
    );
}

function showReport({ removed, kept }: GcReport, dryRun: boolean, style: Style): string {
  if (removed.length === 0 && kept.length === 0) return "nothing to collect\n";
  return [
    ...removed.map((each) => line(dryRun ? "would go" : "removed", each, style.green)),
    ...kept.map((each) => line("kept", each, style.dim)),
  ].join("");
}

function line(what: string, { kind, name, commit, reason }: Leftover, paint: Style["dim"]): string {
  const held = commit === undefined ? "" : ` at ${commit.slice(0, 10)}`;
  return `${paint(what.padEnd(8))}  ${kind.padEnd(8)}  ${oneLine(name)}${held}  (${oneLine(reason)})\n`;
}
