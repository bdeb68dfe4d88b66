import { oneLine } from "../inert";
import type { Size } from "../paint/frame";
import { clip, type Line, lineWidth, span } from "../paint/line";
import { drawAsk } from "../panes/draw-ask";
import { drawOutput } from "../panes/draw-output";
import { aboutInstance } from "./about-instance";
import { type BoardState, currentAsk, selectedItem } from "./state";

/** Below the lists: what the selected one asks, or says, or is. */
export function drawPreview(state: BoardState, { columns, rows }: Size): readonly Line[] {
  const item = selectedItem(state);
  if (!item || rows < 2) return [];
  const ask = currentAsk(state);
  // Without its keys: the last line of the screen has them.
  if (ask) return [rule(ask.taskId ?? ask.sessionId, columns), ...drawAsk(ask, state.answering, columns, rows).slice(0, -1)];
  if (item.kind === "instance") {
    const instance = state.world.instances.get(item.id);
    return instance ? [rule(instance.id, columns), ...aboutInstance(instance, state).slice(0, rows - 1)] : [];
  }
  const task = item.kind === "task" ? state.world.tasks.get(item.id)?.task : undefined;
  if (!task) return [];
  const tail = state.world.output?.taskId === task.id ? state.world.output.tail : [];
  return [rule(task.id, columns), ...drawOutput(task, tail, columns, rows - 1)];
}

function rule(name: string, columns: number): Line {
  const title: Line = [span("── ", "dim"), span(`${oneLine(name)} `, "dim")];
  return clip([...title, span("─".repeat(Math.max(0, columns - lineWidth(title))), "dim")], columns);
}
