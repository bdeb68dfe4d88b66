import { hasEnded } from "../core/task";
import type { TaskIntake } from "../ports/intake";
import type { CommittedTurn } from "./engine";

/** Tells the source of tasks what a turn means to it: tasks that ended, slots that are free. */
export function tellIntake(intake: TaskIntake, { state, changedTasks }: CommittedTurn): void {
  for (const id of changedTasks) {
    const task = state.tasks.get(id);
    if (task && hasEnded(task)) intake.ended(task, { taskId: id, attempt: task.attempts.at(-1)?.number ?? 0 });
  }
  if (changedTasks.size === 0 || state.tasks.queuedCount > 0) return;
  let free = 0;
  for (const instance of state.instances.values()) {
    if (instance.state.kind === "ready") free += Math.max(0, instance.slots - (state.tasks.loads.get(instance.id)?.running ?? 0));
  }
  if (free > 0) intake.room(free);
}
