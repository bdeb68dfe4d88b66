import type { AskView } from "../../shared/ask";
import { showAge } from "./figures";
import { oneLine, type Style } from "./terminal";

/** Each ask with what it wants and how to answer it. */
export function showAsks(asks: readonly AskView[], style: Style): string {
  if (asks.length === 0) return "nothing waits for you\n";
  return asks.map((ask) => showAsk(ask, style)).join("\n");
}

export function showAsk(ask: AskView, style: Style): string {
  const age = showAge(ask.askedAtEpochMs, Date.now());
  const head = `${style.bold(ask.id)}  ${style.yellow(oneLine(ask.title))}  ${style.dim(`${ask.taskId ?? ask.sessionId}, ${age} ago`)}`;
  return [head, ...contentLines(ask)].map((line) => `${line}\n`).join("");
}

function contentLines({ id, content }: AskView): readonly string[] {
  if (content.kind === "permission") {
    const always = content.always.length === 0 ? [] : [`  always would allow: ${oneLine(content.always.join(", "))}`];
    return [
      `  ${oneLine(content.permission)}: ${oneLine(content.patterns.join(", "))}`,
      ...always,
      `  octo allow ${id} [--always]   octo deny ${id} [--message TEXT]`,
    ];
  }
  return [
    ...content.questions.flatMap(({ question, options, multiple }) => [
      `  ${oneLine(question)}${multiple ? " (several may be chosen)" : ""}`,
      ...options.map(({ label, description }, index) => `    ${index + 1}. ${oneLine(label)}: ${oneLine(description)}`),
    ]),
    `  octo answer ${id} LABEL…`,
  ];
}
