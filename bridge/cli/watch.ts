import type { TaskId } from "../../shared/ids";
import type { OutputEntry } from "../../shared/stream";
import type { TaskView } from "../../shared/task";
import { inert, oneLine } from "../inert";
import type { Cli } from "./cli";
import { type ExitCode, exitCodeOfTasks, exitCodes } from "./exit-code";
import { follow } from "./follow";
import { sayWhenStuck } from "./say-stuck";
import { showAsk } from "./show-asks";
import { paintOf, taskResult, taskTable } from "./show-task";
import { loadWidthOf } from "./table";

/**
 * Shows tasks until they end: what the model says on stdout, changes of state, tools and asks on stderr, at the end the result of
 * one or the table of many. With `--json` only the ended tasks. Ctrl-C detaches; the tasks go on.
 */
export async function watch(cli: Cli, taskIds: readonly TaskId[]): Promise<ExitCode> {
  const detach = new AbortController();
  // Once: the second Ctrl-C ends the program.
  const onInterrupt = (): void => detach.abort();
  process.once("SIGINT", onInterrupt);
  // Now, not at the end: another version may have been installed by then.
  if (taskIds.length > 1) await loadWidthOf();
  const quiet = { onTask: () => undefined, onAsks: () => undefined, onOutput: () => undefined, onReconnect: () => undefined };
  const display = cli.json ? { ...quiet, endText: () => undefined, note: () => undefined } : createDisplay(cli, taskIds.length > 1);
  const [first] = taskIds;
  const endLook = cli.json || first === undefined ? () => undefined : sayWhenStuck(cli.client, first, display.note);
  try {
    const output = !cli.json && taskIds.length === 1;
    const ended = await follow({ client: cli.client, taskIds, output, signal: detach.signal, ...display });
    display.endText();
    if (!ended) return detached(cli, taskIds);
    const [only] = ended;
    await cli.print(taskIds.length === 1 && only ? { task: only } : { tasks: ended }, () =>
      taskIds.length === 1 && only ? taskResult(only, cli.terminal.outStyle) : taskTable(ended, cli.terminal),
    );
    return exitCodeOfTasks(ended);
  } finally {
    endLook();
    process.off("SIGINT", onInterrupt);
  }
}

function detached(cli: Cli, taskIds: readonly TaskId[]): ExitCode {
  const [first, second] = taskIds;
  const what = second === undefined ? `${first} goes on` : `${taskIds.length} tasks go on`;
  const follow = second === undefined ? `octo logs --follow ${first}` : "octo tasks";
  cli.terminal.note(`\ndetached: ${what}\nfollow:   ${follow}\ncancel:   octo cancel ${taskIds.slice(0, 5).join(" ")}\n`);
  return exitCodes.detached;
}

function createDisplay(cli: Cli, many: boolean) {
  const { terminal } = cli;
  const { noteStyle: style } = terminal;
  const lastStates = new Map<TaskId, string>();
  const asksShown = new Set<string>();
  const tools = new Set<string>();
  let midLine = false;

  const endText = (): void => {
    if (midLine) terminal.out("\n");
    midLine = false;
  };
  const note = (text: string): void => {
    endText();
    terminal.note(`${text}\n`);
  };
  const onTask = (task: TaskView): void => {
    const state = many ? task.state : `${task.state}: ${task.detail}`;
    if (lastStates.get(task.id) === state) return;
    lastStates.set(task.id, state);
    const subject = many ? `${task.id}  ${oneLine(task.title)}` : task.id;
    const where = task.instanceId ? style.dim(` on ${task.instanceId}`) : "";
    note(`${paintOf(task.state, style)(task.state)}  ${subject}${where}  ${style.dim(many ? "" : oneLine(task.detail))}`.trimEnd());
  };
  const onOutput = (entry: OutputEntry): void => {
    if (entry.kind === "text") {
      const text = inert(entry.text);
      terminal.out(text);
      if (text !== "") midLine = !text.endsWith("\n");
      return;
    }
    const words = [style.cyan(oneLine(entry.name)), oneLine(entry.title), style.dim(oneLine(entry.status))];
    const line = words.filter((word) => word !== "").join(" ");
    if (tools.has(line)) return;
    tools.add(line);
    note(line);
  };
  return {
    onTask,
    onOutput,
    onAsks(asks: Parameters<Parameters<typeof follow>[0]["onAsks"]>[0]) {
      for (const ask of asks) {
        if (asksShown.has(ask.id)) continue;
        asksShown.add(ask.id);
        note(`${style.yellow("waits for you")}\n${showAsk(ask, style)}`.trimEnd());
      }
    },
    onReconnect: () => note(style.dim("the bridge went away; waiting for it")),
    endText,
    note,
  };
}
