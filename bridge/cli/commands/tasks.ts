import type { Command } from "commander";
import type { TaskId } from "../../../shared/ids";
import type { TaskView } from "../../../shared/task";
import { inert } from "../../inert";
import { action, type Cli } from "../cli";
import type { ExitCode } from "../exit-code";
import { findTask } from "../find";
import { tryEach } from "../for-each-task";
import { wholeNumber } from "../option-values";
import { readPrompt } from "../prompts";
import { attachments } from "../submission";

export function addTasks(program: Command): void {
  program
    .command("tasks")
    .description("list the tasks that have not ended, and the last 20 that have")
    .option("--all", "more ended ones too, up to the limit")
    .option("-n, --limit <n>", "at most so many (default: 100)", wholeNumber(1, 10_000))
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, options: { readonly all?: boolean; readonly limit?: number }) => {
        const { tasks } = await cli.client.call("list_tasks", { all: options.all ?? false, limit: options.limit });
        return cli.print({ tasks }, () => (tasks.length === 0 ? "no tasks\n" : taskTable(tasks, cli)));
      }),
    );
  program
    .command("show <task>")
    .description("show everything about a task")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: string) => {
        const task = await findTask(cli.client, given);
        return cli.print({ task }, async () => (await import("../show-task")).taskDetails(task, cli.terminal.outStyle));
      }),
    );
  program
    .command("why <task>")
    .description("say why a task is where it is")
    .option("--json", "print JSON")
    .action(
      action(async (cli: Cli, given: string) => {
        const { id } = await findTask(cli.client, given);
        const why = await cli.client.call("why_task", { taskId: id });
        return cli.print(why, () => why.lines.map((line) => `${inert(line)}\n`).join(""));
      }),
    );
}

export function addReply(program: Command): void {
  program
    .command("reply")
    .description("go on with an ended task: same session, same worktree; follows the new task to its end")
    .argument("<task>", "the ended task")
    .argument("<prompt...>", "what to do next; - reads it from stdin")
    .option("-a, --attach <file>", "send a file along (repeatable)", (file: string, files: readonly string[] = []) => [...files, file])
    .option("--no-wait", "return at once")
    .option("--json", "print the ended task as JSON")
    .action(
      action(
        async (
          cli: Cli,
          given: string,
          words: readonly string[],
          options: { readonly attach?: readonly string[]; readonly wait: boolean },
        ): Promise<ExitCode> => {
          const prompt = await readPrompt(words, process.stdin);
          await cli.ensureBridge();
          const { id: taskId } = await findTask(cli.client, given);
          const result = await cli.client.call("reply_task", { taskId, prompt, attachments: await attachments(options.attach ?? []) });
          if (options.wait) return (await import("../watch")).watch(cli, [result.task.id]);
          return cli.print(result, () => `${result.task.id}\n`);
        },
      ),
    );
}

export function addCancelAndRetry(program: Command): void {
  const many = (
    name: "cancel" | "retry",
    description: string,
    change: (cli: Cli, taskId: TaskId) => Promise<{ readonly task: TaskView }>,
  ): void => {
    program
      .command(`${name} <task...>`)
      .description(description)
      .option("--json", "print JSON")
      .action(
        action(async (cli: Cli, given: readonly string[]) => {
          if (name === "retry") await cli.ensureBridge();
          const named = given.map((name) => ({ given: name }));
          const { results, errors, code } = await tryEach(cli, named, async ({ given: name }) => {
            const { id } = await findTask(cli.client, name);
            return (await change(cli, id)).task;
          });
          await cli.print({ tasks: results, errors }, () => (results.length === 0 ? "" : taskTable(results, cli)));
          return code;
        }),
      );
  };
  many("cancel", "cancel tasks", (cli, taskId) => cli.client.call("cancel_task", { taskId }));
  many("retry", "run ended tasks again", (cli, taskId) => cli.client.call("retry_task", { taskId }));
}

async function taskTable(tasks: readonly TaskView[], { terminal }: Cli): Promise<string> {
  return (await import("../show-task")).taskTable(tasks, terminal);
}
