import { nextStep } from "../../shared/errors";
import type { AttemptRecord, TaskStateName, TaskView, Usage } from "../../shared/task";
import { plural, showAge, showCost, showCount, showDuration } from "../figures";
import { inert, oneLine } from "../inert";
import { type Column, table } from "./table";
import type { Style, Terminal } from "./terminal";

const columns: readonly Column[] = [
  { title: "TASK" },
  { title: "STATE" },
  { title: "AGE", align: "right" },
  { title: "TIME", align: "right" },
  { title: "TOKENS", align: "right" },
  { title: "COST", align: "right" },
  { title: "TITLE", flexible: true },
  { title: "RESULT", flexible: true },
];

/** One line a task. */
export function taskTable(tasks: readonly TaskView[], terminal: Terminal): Promise<string> {
  const { outStyle: style, columns: width } = terminal;
  const now = Date.now();
  const rows = tasks.map((task) => [
    { text: task.id },
    { text: task.state, paint: paintOf(task.state, style) },
    { text: showAge(now - task.submittedAtEpochMs) },
    { text: showDuration(task.runMs) },
    { text: showCount(tokens(task.usage)) },
    { text: showCost(task.usage.cost) },
    { text: oneLine(task.title) },
    { text: shortResult(task) },
  ]);
  return table(columns, rows, { columns: width, paintTitle: style.dim });
}

function shortResult(task: TaskView): string {
  if (task.error) return task.error.code;
  if (task.branch) return task.branch.files.length === 0 ? "no changes" : oneLine(task.branch.branch);
  return task.endedAtEpochMs === undefined ? oneLine(task.detail).slice(0, 40) : "";
}

export function paintOf(state: TaskStateName, style: Style): (text: string) => string {
  const paints: Record<TaskStateName, (text: string) => string> = {
    queued: style.dim,
    running: style.cyan,
    waiting: style.yellow,
    succeeded: style.green,
    failed: style.red,
    cancelled: style.dim,
  };
  return paints[state];
}

/** What an ended task left: branch, files, tokens, cost, seconds, and the error with its next step. */
export function taskResult(task: TaskView, style: Style): string {
  const figures = [
    showDuration(task.runMs),
    `${showCount(tokens(task.usage))} tokens`,
    showCost(task.usage.cost),
    ...(task.attempts.length > 1 ? [plural(task.attempts.length, "attempt")] : []),
  ];
  const lines = [`${paintOf(task.state, style)(task.state)}  ${style.dim(task.id)}  ${figures.join("  ")}`];
  if (task.error) lines.push(`${style.red(task.error.code)}: ${inert(task.error.message)}`, nextStep(task.error));
  lines.push(...branchLines(task, style));
  return lines.map((line) => `${line}\n`).join("");
}

function branchLines({ branch, id }: TaskView, style: Style): readonly string[] {
  if (!branch) return [];
  if (branch.files.length === 0) return [style.dim("no file was changed")];
  const filesShownMax = 20;
  const more = branch.files.length > filesShownMax ? [`  … and ${branch.files.length - filesShownMax} more`] : [];
  return [
    `branch ${style.bold(oneLine(branch.branch))}, ${plural(branch.files.length, "file")}; see it with: octo diff ${id}`,
    ...branch.files.slice(0, filesShownMax).map((file) => `  ${oneLine(file)}`),
    ...more,
    ...(branch.merged ? [`merged into ${oneLine(branch.merged.into)} at ${branch.merged.commit.slice(0, 10)}`] : []),
    ...(branch.dropped ? ["dropped: the branch is gone"] : []),
  ];
}

/** Everything a person may want to know about one task. */
export function taskDetails(task: TaskView, style: Style): string {
  const field = (name: string, value: string): string => `${style.dim(name.padEnd(10))} ${value}\n`;
  const parts = [
    field("task", `${task.id}  ${paintOf(task.state, style)(task.state)}  ${oneLine(task.detail)}`),
    field("title", oneLine(task.title)),
    field("folder", oneLine(task.directory)),
    field("submitted", new Date(task.submittedAtEpochMs).toISOString()),
    ...(task.instanceId ? [field("instance", task.instanceId)] : []),
    ...(task.sessionId ? [field("session", oneLine(task.sessionId))] : []),
    ...(task.replyTo ? [field("reply to", task.replyTo)] : []),
    field("attempt", `${task.attempt} of ${task.attemptsMax}`),
    ...task.attempts.map((attempt) => field("", showAttempt(attempt))),
    taskResult(task, style),
    `\n${style.dim("prompt")}\n${inert(task.prompt)}\n`,
    ...(task.text === "" ? [] : [`\n${style.dim("last words")}\n${inert(task.text)}\n`]),
  ];
  return parts.join("");
}

function showAttempt({ number, outcome, instanceId, durationMs, usage, error }: AttemptRecord): string {
  const why = error ? `  ${error.code}: ${oneLine(error.message)}` : "";
  return `${number}: ${outcome} on ${instanceId} after ${showDuration(durationMs)}, ${showCost(usage.cost)}${why}`;
}

function tokens({ tokensIn, tokensOut }: Usage): number {
  return tokensIn + tokensOut;
}
