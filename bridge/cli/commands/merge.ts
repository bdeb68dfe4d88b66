import { type Command, Option } from "commander";
import type { MergeMode, MergeResult } from "../../../shared/result";
import { plural } from "../../figures";
import { inert, oneLine } from "../../inert";
import { OctoError } from "../../octo-error";
import { action, type Cli } from "../cli";
import type { ExitCode } from "../exit-code";
import { forEachTask } from "../for-each-task";
import type { Style } from "../terminal";

/** The bridge waits for git, and for a passphrase of the person's key. */
const mergeTimeoutMs = 180_000;

interface MergeOptions {
  readonly ff?: boolean;
  readonly merge?: boolean;
  readonly squash?: boolean;
  readonly into?: string;
  readonly message?: string;
}

export function addMerge(program: Command): void {
  program
    .command("merge <task...>")
    .description("bring tasks' branches into yours; refused on conflict, with nothing changed")
    .option("--ff", "only when nothing else happened there since")
    .option("--merge", "by a commit with two parents, also where --ff would do")
    .addOption(new Option("--squash", "as one commit").conflicts(["ff", "merge"]))
    .option("--into <branch>", "the branch (default: the one that the task's repository has checked out)")
    .option("-m, --message <text>", "of the commit that --merge or --squash makes")
    .option("--json", "print JSON")
    .action(
      action((cli: Cli, given: readonly string[], options: MergeOptions): Promise<ExitCode> => {
        const mode = modeOf(options);
        const { into, message } = options;
        return forEachTask(cli, given, {
          name: "merges",
          change: async (taskId) =>
            (await cli.client.call("merge_task", { taskId, mode, into, message }, { timeoutMs: mergeTimeoutMs })).merge,
          show: (merge) => showMerge(merge, cli.terminal.outStyle),
        });
      }),
    );
}

function modeOf({ ff, merge, squash }: MergeOptions): MergeMode | undefined {
  if (ff && merge) throw new OctoError("REQUEST_INVALID", "--ff and --merge cannot be had together");
  if (ff) return "ff";
  if (merge) return "merge";
  return squash ? "squash" : undefined;
}

function showMerge({ branch, into, how, before, after, files, checkout, notices }: MergeResult, style: Style): string {
  const short = (commit: string): string => commit.slice(0, 10);
  const names = `${style.bold(oneLine(branch))} into ${style.bold(oneLine(into))}`;
  const said = {
    none: `nothing to merge: ${oneLine(into)} holds ${oneLine(branch)} already\n`,
    ff: `merged ${names}, fast-forward ${short(before)}..${short(after)}\n`,
    merge: `merged ${names}, commit ${short(after)} (before: ${short(before)})\n`,
    squash: `merged ${names} as one commit ${short(after)} (before: ${short(before)})\n`,
  }[how];
  const where = checkout === undefined ? "" : `, in ${oneLine(checkout)}`;
  const changed = how === "none" ? "" : `${plural(files.length, "file")}${where}\n`;
  return `${said}${changed}${notices.map((notice) => `${inert(notice)}\n`).join("")}`;
}
