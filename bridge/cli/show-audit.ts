import type { AskAnswer, AskContent } from "../../shared/ask";
import type { AskDecider, AuditEntry } from "../../shared/audit";
import { oneLine } from "../inert";
import type { Style } from "./terminal";

const surfaces = {
  cli: "you, by octo",
  palette: "you, in WezTerm",
  pane: "you, in a pane",
  board: "you, on the board",
  api: "a client",
} as const;

/** The oldest first, so that the latest stands where the eye is. */
export function showAudit(entries: readonly AuditEntry[], style: Style): string {
  if (entries.length === 0) return "nothing was asked\n";
  return [...entries]
    .reverse()
    .map((entry) => showEntry(entry, style))
    .join("");
}

function showEntry(entry: AuditEntry, style: Style): string {
  const when = new Date(entry.closedAtEpochMs).toISOString().replace("T", " ").slice(0, 19);
  const doubt = entry.answer && !entry.confirmed ? ", not known whether it arrived" : "";
  const who = `${whoDecided(entry.by)}${doubt}`;
  const where = `${entry.taskId ?? oneLine(entry.sessionId)}, ${oneLine(entry.instanceName)} on ${oneLine(entry.host)}`;
  return `${style.dim(`${when}Z`)}  ${style.bold(whatAnswered(entry.answer))} by ${who}\n    ${whatAsked(entry.content)}\n    ${style.dim(where)}\n`;
}

function whatAnswered(answer: AskAnswer | undefined): string {
  if (answer === undefined) return "not answered";
  if (answer.kind === "allow") return answer.scope === "always" ? "allowed always" : "allowed once";
  if (answer.kind === "answers") return `answered ${answer.answers.map((labels) => oneLine(labels.join(", "))).join("; ")}`;
  return answer.message === undefined ? "denied" : `denied (${oneLine(answer.message)})`;
}

function whoDecided(by: AskDecider): string {
  switch (by.kind) {
    case "person":
      return surfaces[by.surface];
    case "rule":
      return oneLine(by.rule);
    case "time-limit":
      return "the time limit";
    case "opencode":
      return "somebody in OpenCode itself";
    case "nobody":
      return "anybody: its turn had ended";
    case "unknown":
      return "anybody octo knows of";
  }
}

function whatAsked(content: AskContent): string {
  if (content.kind === "question") return oneLine(content.questions.map(({ question }) => question).join("; "));
  return `${oneLine(content.permission)}: ${content.patterns.map(oneLine).join(", ")}`;
}
