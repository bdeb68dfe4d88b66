import { beginEnd } from "./attempt-end";
import type { Draft } from "./draft";
import type { CommandEvent } from "./event";
import { hasEnded, isActive, type Task } from "./task";
import { endTask, settleDependencies } from "./task-end";

export function onSubmitted(draft: Draft, event: Extract<CommandEvent, { kind: "task-submitted" }>): void {
  if (draft.tasks.has(event.task.id)) return draft.drop();
  queue(draft, event.task);
  settleDependencies(draft, event.task.id);
}

/** An ended task from the start: new attempts, tokens and cost, counted anew; what its branch holds stays. */
export function onRetryRequested(draft: Draft, event: Extract<CommandEvent, { kind: "task-retry-requested" }>): void {
  if (draft.tasks.has(event.task.id) || !hasEnded(event.task)) return draft.drop();
  queue(draft, { ...event.task, attemptsUsed: 0, forgivenAttempts: event.task.attempts.length, blockedBy: [] });
}

function queue(draft: Draft, task: Task): void {
  draft.putTask({ ...task, state: { kind: "queued", sinceMs: draft.now.ms, notBeforeMs: draft.now.ms } });
  draft.reschedule = true;
}

export function onCancelRequested(draft: Draft, event: Extract<CommandEvent, { kind: "task-cancel-requested" }>): void {
  const task = draft.tasks.get(event.taskId);
  if (!task || hasEnded(task)) return draft.drop();
  const error = { code: "TASK_CANCELLED", message: "cancelled by the user" } as const;
  if (isActive(task)) return beginEnd(draft, task, { outcome: "aborted", next: "cancel", error });
  endTask(draft, task, { kind: "cancelled", endedAtEpochMs: draft.now.epochMs, error });
}
