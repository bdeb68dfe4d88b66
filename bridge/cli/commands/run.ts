import type { Command } from "commander";
import type { SubmitResult } from "../../../shared/protocol";
import { inert, oneLine } from "../../inert";
import { action, type Cli } from "../cli";
import type { ExitCode } from "../exit-code";
import { readPrompts } from "../prompts";
import { addSubmissionOptions, type SubmissionOptions, toParams } from "../submission";

export function addRun(program: Command): void {
  const command = program.command("run").argument("[prompt...]", "what to do; - reads it from stdin");
  command.description("submit a prompt and follow it to its end (exit code: 0 succeeded, 1 failed, 4 cancelled)");
  addSubmissionOptions(command)
    .option("--dry-run", "only say where it would be placed now, and why")
    .option("--json", "print the ended task as JSON")
    .action(
      action(async (cli: Cli, words: readonly string[], options: SubmissionOptions & { readonly dryRun?: boolean }): Promise<ExitCode> => {
        if (options.dryRun) return foresee(cli, words, options);
        const submitted = await submitAll(cli, words, options);
        const ids = submitted.map(({ task }) => task.id);
        return (await import("../watch")).watch(cli, ids);
      }),
    );
}

export function addSubmit(program: Command): void {
  const command = program.command("submit").argument("[prompt...]", "what to do; - reads it from stdin");
  command.description("submit a prompt and return at once");
  addSubmissionOptions(command)
    .option("--json", "print the submitted task as JSON (a list with --from)")
    .action(
      action(async (cli: Cli, words: readonly string[], options: SubmissionOptions): Promise<ExitCode> => {
        const submitted = await submitAll(cli, words, options);
        const tasks = submitted.map(({ task }) => task);
        if (options.from === undefined) return cli.print(submitted[0], () => tasks.map(({ id }) => `${id}\n`).join(""));
        return cli.print(submitted, async () => (await import("../show-task")).taskTable(tasks, cli.terminal));
      }),
    );
}

/** Where each prompt would be placed; nothing is submitted. */
async function foresee(cli: Cli, words: readonly string[], options: SubmissionOptions): Promise<ExitCode> {
  const prompts = await readPrompts({ words, from: options.from, stdin: process.stdin });
  await cli.ensureBridge();
  const params = await toParams(cli.client, options);
  const previews: (readonly string[])[] = [];
  for (const prompt of prompts) previews.push((await cli.client.call("preview_task", { ...params, prompt })).lines);
  return cli.print({ previews }, () => previews.map((lines) => `${lines.map(oneLine).join("\n")}\n`).join("\n"));
}

/** In the order of the prompts; what was submitted before a failure stays, and is named. */
async function submitAll(cli: Cli, words: readonly string[], options: SubmissionOptions): Promise<readonly SubmitResult[]> {
  const prompts = await readPrompts({ words, from: options.from, stdin: process.stdin });
  await cli.ensureBridge();
  const params = await toParams(cli.client, options);
  const submitted: SubmitResult[] = [];
  const notices = new Set<string>();
  try {
    for (const prompt of prompts) {
      const result = await cli.client.call("distribute_task", { ...params, prompt });
      submitted.push(result);
      for (const notice of result.notices) notices.add(notice);
    }
  } catch (thrown) {
    const ids = submitted.map(({ task }) => task.id).join(" ");
    if (submitted.length > 0) cli.terminal.note(`${submitted.length} of ${prompts.length} prompts were submitted: ${ids}\n`);
    throw thrown;
  }
  if (!cli.json) for (const notice of notices) cli.terminal.note(`${cli.terminal.noteStyle.yellow("note:")} ${inert(notice)}\n`);
  return submitted;
}
