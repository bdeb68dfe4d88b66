import type { TaskStateName, TaskView } from "../../shared/task";
import { type Attempt, isActive, ranMs, type Task } from "../core/task";
import { usageOf } from "../core/task-limits";
import type { Now } from "../core/time";
import { inert } from "../inert";

const textBytesMax = 64 * 1024;

/** A task as clients see it; everything that a model wrote is inert. */
export function taskView(task: Task, now: Now): TaskView {
  const { state } = task;
  const attempt = isActive(task) ? task.state.attempt : undefined;
  const last = task.attempts.at(-1);
  const runMs = task.attempts.reduce((sum, each) => sum + each.durationMs, attempt ? ranMs(attempt, now.ms) : 0);
  return {
    id: task.id,
    state: stateName(task),
    detail: detailOf(task, now),
    title: task.title,
    prompt: task.spec.prompt,
    directory: task.spec.directory,
    priority: task.spec.priority,
    submittedAtEpochMs: task.submittedAtEpochMs,
    endedAtEpochMs: "endedAtEpochMs" in state ? state.endedAtEpochMs : undefined,
    instanceId: attempt?.instanceId ?? last?.instanceId,
    sessionId: attempt?.sessionId ?? task.session?.sessionId,
    attempts: task.attempts,
    attempt: attempt?.number ?? last?.number ?? 0,
    attemptsMax: task.spec.attemptsMax,
    usage: usageOf(task),
    runMs: Math.round(runMs),
    branch: task.branch,
    text: inert(task.text.slice(0, textBytesMax)),
    error: "error" in state ? { code: state.error.code, message: inert(state.error.message) } : undefined,
    replyTo: task.spec.replyTo,
  };
}

export function stateName(task: Task): TaskStateName {
  if (!isActive(task)) return task.state.kind === "active" ? "running" : task.state.kind;
  return task.state.attempt.phase.kind === "waiting" ? "waiting" : "running";
}

function detailOf(task: Task, now: Now): string {
  const { state } = task;
  switch (state.kind) {
    case "queued":
      if (task.blockedBy.length > 0) return `comes after ${task.blockedBy.join(", ")}`;
      if (state.notBeforeMs > now.ms) return `again in ${Math.ceil((state.notBeforeMs - now.ms) / 1000)} s`;
      return "waits for a slot";
    case "active":
      return phaseDetail(state.attempt);
    case "succeeded":
      return "done";
    case "failed":
    case "cancelled":
      return inert(state.error.message);
  }
}

function phaseDetail({ phase }: Attempt): string {
  switch (phase.kind) {
    case "preparing":
      return "prepares the worktree";
    case "opening":
      return "opens a session";
    case "sending":
      return "sends the prompt";
    case "accepted":
      return "accepted, not begun yet";
    case "doubtful":
      return "asks the server what became of the prompt";
    case "started":
      return phase.retry ? `the provider is tried again (${inert(phase.retry.message)})` : "works";
    case "waiting":
      return "waits for you";
    case "aborting":
      return "is being aborted";
    case "collecting":
      return "commits its work";
  }
}
