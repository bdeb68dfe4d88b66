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
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli): Promise<ExitCode> => {
        const { allChecks, runChecks } = await import("../doctor/run-checks");
        const reports = await runChecks(allChecks(), cli);
        await cli.print({ checks: reports.map(({ name, finding }) => ({ name, ...finding })) }, () =>
          reports.map((report) => showReport(report, cli.terminal.outStyle)).join(""),
        );
        return reports.some(({ finding }) => finding.status === "fail") ? exitCodes.failed : exitCodes.succeeded;
      }),
    );
}

function showReport({ name, finding }: Report, style: Style): string {
  const paint = { ok: style.green, warn: style.yellow, fail: style.red }[finding.status];
  const line = `${paint(finding.status.padEnd(4))}  ${style.bold(name.padEnd(14))}  ${inert(finding.what)}\n`;
  return finding.status === "ok" ? line : `${line}${" ".repeat(22)}${finding.next}\n`;
}
