import type { Command } from "commander";
import type { HookRun } from "../../../shared/happening";
import { showDuration } from "../../figures";
import { inert, oneLine } from "../../inert";
import { action, type Cli } from "../cli";
import type { ExitCode } from "../exit-code";
import { findTask } from "../find";
import { findSubject } from "../find-subject";
import { wholeNumber } from "../option-values";
import type { Style } from "../terminal";

const hookRunsMax = 1_000;

interface LogsOptions {
  readonly follow?: boolean;
  readonly lines?: number;
}

export function addLogs(program: Command): void {
  program
    .command("logs <task-or-instance>")
    .description("show what a task's session said, the log of an instance, with `bridge` the bridge's own, or with `hooks` what hooks did")
    .option("-f, --follow", "follow a running task to its end, a log until Ctrl-C")
    .option("-n, --lines <n>", "lines of a log, or runs of hooks", wholeNumber(1, 10_000))
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: string, options: LogsOptions): Promise<ExitCode> => {
        if (given === "bridge") return (await import("../follow-log")).bridgeLog(cli, options);
        if (given === "hooks") return hookRuns(cli, options.lines);
        const subject = await findSubject(cli.client, given);
        if (subject.kind === "instance") {
          return (await import("../follow-log")).instanceLog(cli, subject.id, options);
        }
        if (options.follow) return (await import("../watch")).watch(cli, [subject.id]);
        const { entries } = await cli.client.call("task_transcript", { taskId: subject.id });
        return cli.print({ entries }, () => entries.map((entry) => showEntry(entry, cli.terminal.outStyle)).join("\n"));
      }),
    );
  program
    .command("diff <task>")
    .description("show what a task changed on its branch")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: string) => {
        const { id, branch } = await findTask(cli.client, given);
        const { diff, truncated = false } = await cli.client.call("task_diff", { taskId: id });
        if (truncated && !cli.json) cli.terminal.note(`cut at 1 MiB; all of it: git diff ${branch?.base}..${branch?.commit}\n`);
        return cli.print({ diff, truncated }, () => showDiff(diff, cli.terminal.outStyle));
      }),
    );
}

async function hookRuns(cli: Cli, limit: number | undefined): Promise<ExitCode> {
  const { runs } = await cli.client.call("hook_runs", { limit: limit && Math.min(limit, hookRunsMax) });
  return cli.print({ runs }, () =>
    runs.length === 0 ? "no hook has run\n" : runs.map((run) => showRun(run, cli.terminal.outStyle)).join(""),
  );
}

function showRun({ at, on, command, outcome, detail, durationMs, output }: HookRun, { bold, dim, green, red }: Style): string {
  const paint = outcome === "succeeded" ? green : red;
  const head = `${dim(at)} ${bold(oneLine(on))} ${oneLine(command.join(" "))}: ${paint(outcome)} (${oneLine(detail)}, ${showDuration(durationMs)})\n`;
  return head + withNewline(inert(output).replace(/^/gm, "  ").trimEnd());
}

function showEntry({ role, text }: { readonly role: string; readonly text: string }, style: Style): string {
  return `${style.bold(oneLine(role))}\n${withNewline(inert(text))}`;
}

function showDiff(diff: string, { green, red, cyan, bold }: Style): string {
  if (diff === "") return "no changes\n";
  const paint = (line: string): string => {
    if (/^(?:diff |\+\+\+ |--- )/.test(line)) return bold(line);
    if (line.startsWith("@@")) return cyan(line);
    if (line.startsWith("+")) return green(line);
    return line.startsWith("-") ? red(line) : line;
  };
  return withNewline(inert(diff).split("\n").map(paint).join("\n"));
}

function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
