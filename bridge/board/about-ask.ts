import type { AskView } from "../../shared/ask";
import { showAge } from "../figures";
import { oneLine } from "../inert";
import { type Line, span } from "../paint/line";
import { wrap } from "../paint/text";
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
      ["limit", ask.deniedAtEpochMs === undefined ? undefined : `denied in ${showAge(ask.deniedAtEpochMs - nowEpochMs)} unless you answer`],
      ["asked", `${showAge(nowEpochMs - ask.askedAtEpochMs)} ago${ask.sessionId === ask.rootSessionId ? "" : ", by a subagent"}`],
      ["ask", ask.id],
    ]),
    ...detailLines(ask, columns),
  ];
}

function askedLines(ask: AskView, answering: Answering | undefined, columns: number): readonly Line[] {
  const { content } = ask;
  // Without its keys: the last line of the screen has them.
  if (content.kind === "question") return drawAsk(ask, answering, columns, everything).slice(0, -1);
  return [
    [span("⚠ ", "alarm"), span("may I ", "bold"), span(oneLine(content.permission), "alarm"), span("?", "bold")],
    ...content.patterns.flatMap((pattern) => wrap(pattern, columns - 2).map((line): Line => [span(`  ${line}`)])),
    ...(content.patternsLeftOut > 0 ? [[span(`  and ${content.patternsLeftOut} more that are not shown`, "alarm")]] : []),
    ...fields(columns, [["always", content.always.length > 0 ? `would allow ${content.always.join(", ")}` : undefined]]),
  ];
}

/** What the tool said: a command, a diff. */
function detailLines({ content }: AskView, columns: number): readonly Line[] {
  if (content.kind !== "permission") return [];
  return content.details.flatMap(({ name, text }) => [
    [],
    [span(oneLine(name), "dim")],
    ...text.split("\n").flatMap((line) => wrap(line, columns).map((piece): Line => [span(piece, diffLook(line))])),
  ]);
}
