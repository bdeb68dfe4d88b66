import type { TaskId } from "../../shared/ids";
import { isActive, isQueued, type Task } from "../core/task";
import type { CommittedTurn } from "../runtime/engine";
import { turnBuckets, waitBuckets } from "./buckets";
import type { Registry } from "./registry";

/** What was known of a task at its last turn of the engine, on the engine clock. */
interface Seen {
  readonly attempts: number;
  readonly queuedAtMs?: number | undefined;
  /** Number of the attempt that was placed, or that began, last. */
  readonly placed: number;
  readonly started: number;
  readonly startedAtMs?: number | undefined;
}

const nothingSeen: Seen = { attempts: 0, placed: 0, started: 0 };
const turnPhases: readonly string[] = ["started", "waiting"];

/** Counts and times what becomes of tasks, from the committed turns of the engine; what an earlier bridge did is not counted again. */
export function taskMetrics(registry: Registry): (turn: CommittedTurn) => void {
  const submitted = registry.counter("octo_tasks_submitted_total", "Tasks that were accepted, retries included.");
  const ended = registry.counter("octo_tasks_ended_total", "Tasks that have ended, by how.", ["state"]);
  const attempts = registry.counter("octo_attempts_total", "Attempts that have ended, by outcome.", ["outcome"]);
  const tokens = registry.counter("octo_tokens_total", "Tokens that ended attempts used, as OpenCode reports them.", ["direction"]);
  const cost = registry.counter("octo_cost_dollars_total", "What ended attempts cost, as OpenCode reports it.");
  const queueTime = registry.histogram(
    "octo_task_queue_seconds",
    "From submission, or the end of the attempt before, to a place.",
    waitBuckets,
  );
  const startTime = registry.histogram("octo_attempt_start_seconds", "From a place to a turn that was seen to begin.", waitBuckets);
  const turnTime = registry.histogram(
    "octo_turn_seconds",
    "From the begin of a turn to its end, waiting for a person included.",
    turnBuckets,
  );
  const seen = new Map<TaskId, Seen>();
  let isFirst = true;

  function count(task: Task, before: Seen): void {
    for (const { outcome, usage } of task.attempts.slice(before.attempts)) {
      attempts.add(1, outcome);
      tokens.add(usage.tokensIn, "in");
      tokens.add(usage.tokensOut, "out");
      cost.add(usage.cost);
    }
  }

  function look(task: Task, before: Seen | undefined, { now }: CommittedTurn): Seen {
    // What a task that is retried went through before it ended has been counted.
    const was = before ?? { ...nothingSeen, attempts: task.attempts.length };
    if (!before) submitted.add(1);
    count(task, was);
    const wasRunning = was.startedAtMs !== undefined;
    const attempt = isActive(task) ? task.state.attempt : undefined;
    const isRunning = attempt !== undefined && turnPhases.includes(attempt.phase.kind);
    if (wasRunning && !(isRunning && attempt.number === was.started)) turnTime.observe((now.ms - (was.startedAtMs ?? now.ms)) / 1_000);
    if (attempt && attempt.number !== was.placed) {
      const waitedMs = was.queuedAtMs === undefined ? now.epochMs - task.submittedAtEpochMs : attempt.placedAtMs - was.queuedAtMs;
      queueTime.observe(Math.max(0, waitedMs) / 1_000);
    }
    if (attempt && isRunning && attempt.number !== was.started) startTime.observe(Math.max(0, now.ms - attempt.placedAtMs) / 1_000);
    return {
      attempts: task.attempts.length,
      queuedAtMs: isQueued(task) ? Math.max(task.state.sinceMs, task.state.notBeforeMs) : undefined,
      placed: attempt?.number ?? was.placed,
      started: isRunning ? attempt.number : was.started,
      startedAtMs: isRunning ? (attempt.number === was.started ? was.startedAtMs : now.ms) : undefined,
    };
  }

  return (turn) => {
    if (isFirst) {
      isFirst = false;
      for (const task of turn.state.tasks.values()) seen.set(task.id, known(task));
      return;
    }
    for (const id of turn.changedTasks) {
      const task = turn.state.tasks.get(id);
      const after = task && look(task, seen.get(id), turn);
      if (!task || !after) seen.delete(id);
      else if (isActive(task) || isQueued(task)) seen.set(id, after);
      else {
        ended.add(1, task.state.kind);
        seen.delete(id);
      }
    }
  };
}

/** A task of before: its past is not counted, and its turn not timed. */
function known(task: Task): Seen {
  const number = isActive(task) ? task.state.attempt.number : 0;
  return { attempts: task.attempts.length, placed: number, started: number };
}
