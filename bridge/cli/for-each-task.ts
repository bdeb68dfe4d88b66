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

/** All names are looked up before anything is done. A single one raises its own error. */
export async function forEachTask<Result>(cli: Cli, given: readonly string[], each: EachTask<Result>): Promise<ExitCode> {
  const found: { readonly given: string; readonly id: TaskId }[] = [];
  for (const name of given) found.push({ given: name, id: (await findTask(cli.client, name)).id });
  const { results, errors, code } = await tryEach(cli, found, async ({ id, given: name }) => {
    const result = await each.change(id, name);
    if (!cli.json) cli.terminal.out(each.show(result));
    return result;
  });
  if (cli.json) await cli.print({ [each.name]: results, errors }, () => "");
  return code;
}

export interface Tried<Result> {
  readonly results: readonly Result[];
  readonly errors: readonly object[];
  /** That of the first failure. */
  readonly code: ExitCode;
}

/** All of them in their order, also when one fails, which is said. A single one raises its own error. */
export async function tryEach<Named extends { readonly given: string }, Result>(
  cli: Cli,
  all: readonly Named[],
  change: (named: Named) => Promise<Result>,
): Promise<Tried<Result>> {
  let code: ExitCode = exitCodes.succeeded;
  const results: Result[] = [];
  const errors: object[] = [];
  for (const named of all) {
    try {
      results.push(await change(named));
    } catch (thrown) {
      const error = toErrorInfo(thrown);
      if (all.length === 1 || error.code === "BRIDGE_NOT_RUNNING") throw thrown;
      errors.push({ given: named.given, error });
      if (code === exitCodes.succeeded) code = exitCodeOf(error.code);
      if (!cli.json) cli.terminal.note(`${cli.terminal.noteStyle.red("error:")} ${inert(error.message)} (${error.code})\n`);
    }
  }
  return { results, errors, code };
}
