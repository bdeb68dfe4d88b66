import type { ErrorInfo } from "../../shared/errors";
import type { TaskId } from "../../shared/ids";
import { retireDedicated } from "./dedicated";
import type { Draft } from "./draft";
import { hasEnded, type Task, type TaskState } from "./task";

/** The last word on a task. Its dependents go on, or end with it. */
export function endTask(draft: Draft, task: Task, state: Extract<TaskState, { kind: "succeeded" | "failed" | "cancelled" }>): void {
  draft.putTask({ ...task, state });
  draft.reschedule = true;
  retireDedicated(draft, task);
  for (const dependent of draft.tasks.blocked()) {
    if (dependent.blockedBy.includes(task.id)) resolveDependency(draft, dependent, task, state);
  }
}

/** Those that a new task comes after may have ended since it was made: nobody would tell it. */
export function settleDependencies(draft: Draft, id: TaskId): void {
  for (const blocker of draft.tasks.get(id)?.blockedBy ?? []) {
    const task = draft.tasks.get(blocker);
    const dependent = draft.tasks.get(id);
    if (!dependent || hasEnded(dependent)) return;
    if (!task) failDependent(draft, dependent, `${blocker}, which it comes after, ended before it was accepted`);
    else if (hasEnded(task)) resolveDependency(draft, dependent, task, task.state);
  }
}

function resolveDependency(draft: Draft, dependent: Task, task: Task, state: TaskState): void {
  if (hasEnded(dependent)) return;
  if (state.kind === "succeeded") {
    draft.putTask({ ...dependent, blockedBy: dependent.blockedBy.filter((id) => id !== task.id) });
    return;
  }
  failDependent(draft, dependent, `${task.id}, which it comes after, has ${state.kind}`);
}

function failDependent(draft: Draft, dependent: Task, message: string): void {
  const error: ErrorInfo = { code: "TASK_DEPENDENCY_FAILED", message };
  endTask(draft, dependent, { kind: "failed", endedAtEpochMs: draft.now.epochMs, error });
}
