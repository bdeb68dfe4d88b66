import type { TaskId } from "../../shared/ids";
import { inert } from "../inert";
import { toErrorInfo } from "../octo-error";
import type { Cli } from "./cli";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code";
import { findTask } from "./find";

/** What is done to each of the tasks that a person named. */
export interface EachTask<Result> {
  /** Of the list of results in the JSON. */
  readonly name: string;
  readonly change: (taskId: TaskId, given: string) => Promise<Result>;
  readonly show: (result: Result) => string;
}

/**
 * All of them in their order, also when one fails; the exit code is that of the first failure. All names are looked up before anything
 * is done. A single one raises its own error.
 */
export async function forEachTask<Result>(cli: Cli, given: readonly string[], each: EachTask<Result>): Promise<ExitCode> {
  const found = [];
  for (const name of given) found.push({ name, id: (await findTask(cli.client, name)).id });
  let code: ExitCode = exitCodes.succeeded;
  const results: Result[] = [];
  const errors: object[] = [];
  for (const { name, id } of found) {
    try {
      const result = await each.change(id, name);
      results.push(result);
      if (!cli.json) cli.terminal.out(each.show(result));
    } catch (thrown) {
      const error = toErrorInfo(thrown);
      if (given.length === 1 || error.code === "BRIDGE_NOT_RUNNING") throw thrown;
      errors.push({ given: name, error });
      if (code === exitCodes.succeeded) code = exitCodeOf(error.code);
      if (!cli.json) cli.terminal.note(`${cli.terminal.noteStyle.red("error:")} ${inert(error.message)} (${error.code})\n`);
    }
  }
  if (cli.json) await cli.print({ [each.name]: results, errors }, () => "");
  return code;
}
