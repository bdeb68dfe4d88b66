import type { Command } from "commander";
import { inert } from "../../inert";
import { action, type Cli } from "../cli";
import type { Report } from "../doctor/run-checks";
import { type ExitCode, exitCodes } from "../exit-code";
import type { Style } from "../terminal";

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("check everything octo needs (exit code 1 when something fails)")
    .option("--fix", "do what is safe: modes of octo's folders, a dead socket, dead locks, servers that no bridge owns; nothing of yours")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, options: { readonly fix?: boolean }): Promise<ExitCode> => {
        const { allChecks, fixFindings, runChecks } = await import("../doctor/run-checks");
        const checks = allChecks();
        const found = await runChecks(checks, cli);
        const reports = options.fix === true ? await fixFindings(checks, found, cli) : found;
        await cli.print({ checks: reports.map(({ name, finding, fixed }) => ({ name, ...finding, fixed })) }, () =>
          reports.map((report) => showReport(report, cli.terminal.outStyle)).join(""),
        );
        return reports.some(({ finding }) => finding.status === "fail") ? exitCodes.failed : exitCodes.succeeded;
      }),
    );
}

function showReport({ name, finding, fixed }: Report, style: Style): string {
  const paint = { ok: style.green, warn: style.yellow, fail: style.red }[finding.status];
  const line = `${paint(finding.status.padEnd(4))}  ${style.bold(name.padEnd(14))}  ${inert(finding.what)}${fixed === "yes" ? style.green(" (fixed)") : ""}\n`;
  return finding.status === "ok" ? line : `${line}${" ".repeat(22)}${finding.next}\n`;
}
