import type { TaskId } from "../../shared/ids";
import type { Task } from "../core/task";
import { OctoError } from "../octo-error";
import { parseTask } from "./documents";
import type { ServiceParts } from "./service-parts";

/** A task, live or ended. */
export function taskIfThere({ engine, store }: Pick<ServiceParts, "engine" | "store">, id: TaskId): Task | undefined {
  const live = engine.state.tasks.get(id);
  if (live) return live;
  const stored = store.task(id);
  return stored === undefined ? undefined : parseTask(stored);
}

/** TASK_UNKNOWN. */
export function findTask(parts: Pick<ServiceParts, "engine" | "store">, id: TaskId): Task {
  const task = taskIfThere(parts, id);
  if (!task) throw new OctoError("TASK_UNKNOWN", `there is no task ${id}`);
  return task;
}
