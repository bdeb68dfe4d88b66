import { nextStep } from "../../shared/errors";
import type { TaskView } from "../../shared/task";
import { showCost, showCount, showDuration } from "../figures";
import { oneLine } from "../inert";
import { type Line, span } from "../paint/line";
import { wrap } from "../paint/text";
import { taskLooks } from "../panes/looks";
import { field, fields, textBlock } from "./fields";
import { nameOfInstance } from "./items";
import type { BoardState } from "./state";
import { runMsOf } from "./times";
import type { SeenTask } from "./world";

const filesShownMax = 50;

/** Everything that is known of a task without asking. */
export function aboutTask(seen: SeenTask, state: BoardState): readonly Line[] {
  const { task } = seen;
  const { columns } = state.size;
  const [, look] = taskLooks[task.state];
  const { tokensIn, tokensOut, cost } = task.usage;
  return [
    [span(oneLine(task.title), "bold")],
    ...field("state", [span(task.state, look), span(`  ${oneLine(task.detail)}`, "dim")]),
    ...fields(columns, [
      ["task", task.id],
      ["folder", task.directory],
      ["instance", task.instanceId && nameOfInstance(state.world, task.instanceId)],
      ["session", task.sessionId],
      ["reply to", task.replyTo],
      ["submitted", new Date(task.submittedAtEpochMs).toISOString()],
      ["attempt", task.attempt === 0 ? undefined : `${task.attempt} of ${task.attemptsMax}`],
      ["used", `${showDuration(runMsOf(seen, state.nowMs))}, ${showCount(tokensIn + tokensOut)} tokens, ${showCost(cost)}`],
    ]),
    ...task.attempts.flatMap(({ number, outcome, instanceId, durationMs, error }) => {
      const why = error ? `, ${error.code}: ${error.message}` : "";
      return fields(columns, [
        [`try ${number}`, `${outcome} on ${nameOfInstance(state.world, instanceId)} after ${showDuration(durationMs)}${why}`],
      ]);
    }),
    ...errorLines(task, columns),
    ...branchLines(task, columns),
    ...textBlock("prompt", task.prompt, columns),
    ...(task.text === "" ? [] : textBlock("last words", task.text, columns)),
  ];
}

function errorLines({ error }: TaskView, columns: number): readonly Line[] {
  if (!error) return [];
  const text = `${error.code}: ${error.message}\n${nextStep(error)}`;
  return [[], ...wrap(text, columns).map((line): Line => [span(line, "red")])];
}

function branchLines({ branch }: TaskView, columns: number): readonly Line[] {
  if (!branch) return [];
  const more = branch.files.length - filesShownMax;
  const files = branch.files.slice(0, filesShownMax).flatMap((file) => fields(columns, [["", file]]));
  const none = branch.files.length === 0 ? fields(columns, [["", "no file was changed"]]) : [];
  return [
    ...fields(columns, [["branch", branch.branch]]),
    ...none,
    ...files,
    ...(more > 0 ? fields(columns, [["", `… and ${more} more`]]) : []),
  ];
}
