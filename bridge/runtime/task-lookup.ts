import type { TaskId } from "../../shared/ids";
import type { Task } from "../core/task";
import { OctoError } from "../octo-error";
import { parseTask } from "./documents";
import type { ServiceParts } from "./service-parts";

/** A task, live or ended. TASK_UNKNOWN. */
export function findTask(parts: Pick<ServiceParts, "engine" | "store">, id: TaskId): Task {
  const live = parts.engine.state.tasks.get(id);
  if (live) return live;
  const stored = parts.store.task(id);
  if (stored === undefined) throw new OctoError("TASK_UNKNOWN", `there is no task ${id}`);
  return parseTask(stored);
}
