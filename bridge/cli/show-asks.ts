import type { AskView } from "../../shared/ask";
import { type AskLine, permissionLines } from "../ask-body";
import { showAge, showDuration } from "../figures";
import { oneLine } from "../inert";
import type { Style } from "./terminal";

/** Each ask with all that it wants and how to answer it. */
export function showAsks(asks: readonly AskView[], style: Style): string {
  if (asks.length === 0) return "nothing waits for you\n";
  return asks.map((ask) => showAsk(ask, style)).join("\n");
}

export function showAsk(ask: AskView, style: Style): string {
  return [...headLines(ask, style), ...contentLines(ask, style)].map((line) => `${line}\n`).join("");
}

function headLines(ask: AskView, style: Style): readonly string[] {
  const nowEpochMs = Date.now();
  const who = ask.taskId ? `${ask.taskId} ${oneLine(ask.taskTitle ?? "")}` : `session ${oneLine(ask.sessionId)}`;
  const child = ask.sessionId === ask.rootSessionId ? "" : ", a subagent";
  const where = `${oneLine(ask.instanceName)} on ${oneLine(ask.host)}`;
  const { deniedAtEpochMs } = ask;
  const limit = deniedAtEpochMs === undefined ? "" : `, denied in ${showDuration(Math.max(0, deniedAtEpochMs - nowEpochMs))}`;
  return [
    `${style.bold(ask.id)}  ${style.yellow(oneLine(ask.title))}`,
    style.dim(`  ${who.trim()}${child}, ${where}, ${showAge(nowEpochMs - ask.askedAtEpochMs)} ago${limit}`),
  ];
}

/** The bar before each line of a model's text: none of it can pass for a line of ours. */
function contentLines({ id, content }: AskView, style: Style): readonly string[] {
  if (content.kind === "permission") {
    const body = permissionLines(content).map((line) => `  ${style.dim("│")} ${painted(line, style)}`);
    return [...body, `  octo allow ${id} [--always]   octo deny ${id} [--message TEXT]`];
  }
  return [
    ...content.questions.flatMap(({ question, options, multiple }) => [
      `  ${oneLine(question)}${multiple ? " (several may be chosen)" : ""}`,
      ...options.map(({ label, description }, index) => `    ${index + 1}. ${oneLine(label)}: ${oneLine(description)}`),
    ]),
    `  octo answer ${id} LABEL…   octo deny ${id} [--message TEXT]`,
  ];
}

function painted({ kind, text }: AskLine, style: Style): string {
  if (kind === "added") return style.green(text);
  if (kind === "removed") return style.red(text);
  return kind === "label" ? style.dim(text) : text;
}
