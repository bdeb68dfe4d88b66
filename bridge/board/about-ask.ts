import type { AskView } from "../../shared/ask";
import { showAge } from "../cli/figures";
import { type Line, span } from "../paint/line";
import { oneLine, wrap } from "../paint/text";
import type { Answering } from "../panes/answering";
import { drawAsk } from "../panes/draw-ask";
import { diffLook } from "./diff-look";
import { fields } from "./fields";
import { nameOfInstance } from "./items";
import type { BoardState } from "./state";

const everything = 10_000;

/** What is asked, whole, and by whom. */
export function aboutAsk(ask: AskView, { world, answering, nowEpochMs }: BoardState, columns: number): readonly Line[] {
  const task = ask.taskId && world.tasks.get(ask.taskId)?.task;
  return [
    ...askedLines(ask, answering, columns),
    ...fields(columns, [
      ["task", task ? `${task.title} (${task.id})` : "a session of no task"],
      ["instance", `${nameOfInstance(world, ask.instanceId)} on ${world.instances.get(ask.instanceId)?.host ?? "a host that is gone"}`],
      ["folder", ask.directory],
      ["asked", `${showAge(ask.askedAtEpochMs, nowEpochMs)} ago${ask.sessionId === ask.rootSessionId ? "" : ", by a subagent"}`],
      ["ask", ask.id],
    ]),
    ...metadataLines(ask, columns),
  ];
}

function askedLines(ask: AskView, answering: Answering | undefined, columns: number): readonly Line[] {
  const { content } = ask;
  // Without its keys: the last line of the screen has them.
  if (content.kind === "question") return drawAsk(ask, answering, columns, everything).slice(0, -1);
  return [
    [span("⚠ ", "alarm"), span("may I ", "bold"), span(oneLine(content.permission), "alarm"), span("?", "bold")],
    ...content.patterns.flatMap((pattern) => wrap(pattern, columns - 2).map((line): Line => [span(`  ${line}`)])),
    ...fields(columns, [["always", content.always.length > 0 ? `would allow ${content.always.join(", ")}` : undefined]]),
  ];
}

/** What the tool said: a command, a diff. */
function metadataLines({ content }: AskView, columns: number): readonly Line[] {
  if (content.kind !== "permission") return [];
  const values = valuesOf(content.metadata).filter(([, value]) => value !== "");
  return values.flatMap(([name, value]) => [
    [],
    [span(oneLine(name), "dim")],
    ...value.split("\n").flatMap((line) => wrap(line, columns).map((piece): Line => [span(piece, diffLook(line))])),
  ]);
}

function valuesOf(json: string): readonly (readonly [string, string])[] {
  const value = parsed(json);
  if (typeof value !== "object" || value === null) return [["details", json === "{}" ? "" : json]];
  return Object.entries(value).map(([name, each]) => [name, typeof each === "string" ? each : JSON.stringify(each, undefined, 2)] as const);
}

/** It may be cut in the middle. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
