import { setTimeout as pause } from "node:timers/promises";
import type { AskView } from "../../shared/ask";
import type { TaskId } from "../../shared/ids";
import type { OutputEntry, StreamMessage } from "../../shared/stream";
import type { TaskView } from "../../shared/task";
import { OctoError } from "../octo-error";
import type { Client } from "./client";
import { readStream, type StreamEnd } from "./stream-client";

export interface FollowRequest {
  readonly client: Client;
  readonly taskIds: readonly TaskId[];
  /** Also bring the output of the task; only for a single one. */
  readonly output: boolean;
  /** Stops following; the tasks go on. */
  readonly signal: AbortSignal;
  readonly onTask: (task: TaskView) => void;
  readonly onAsks: (asks: readonly AskView[]) => void;
  readonly onOutput: (entry: OutputEntry) => void;
  readonly onReconnect: () => void;
}

/** How long a bridge may be away before following gives up; the tasks themselves wait for it. */
const awayTimeMaxMs = 30_000;
const reconnectPauseMs = 300;
/** The bridge's close code for a stream of something that is not there. */
const refusedCode = 4000;

/**
 * Follows tasks until all of them have ended (in the order of `taskIds`) or the signal says stop (undefined). A lost stream is opened again:
 * its snapshot says what was missed. BRIDGE_NOT_RUNNING when the bridge stays away, TASK_UNKNOWN.
 */
export async function follow(request: FollowRequest): Promise<readonly TaskView[] | undefined> {
  const { client, taskIds, signal } = request;
  const ended = new Map<TaskId, TaskView>();
  let lastSeenAtMs = performance.now();
  let output = request.output;
  let told = false;
  for (let tries = 0; ; tries += 1) {
    if (signal.aborted) return undefined;
    if (tries > 0) await pause(reconnectPauseMs);
    const end = await readOnce({ ...request, output }, ended, () => {
      lastSeenAtMs = performance.now();
    });
    if (ended.size === new Set(taskIds).size) return taskIds.flatMap((id) => ended.get(id) ?? []);
    if (signal.aborted) return undefined;
    // No output is kept of a task that ended long ago; that it did comes without.
    if (end.code === refusedCode && output) {
      output = false;
      continue;
    }
    if (performance.now() - lastSeenAtMs > awayTimeMaxMs) throw gone(client, end);
    if (!told) request.onReconnect();
    told = true;
  }
}

function gone(client: Client, end: StreamEnd): OctoError {
  const message = `the bridge on ${client.socketPath} went away (${end.reason}); the tasks go on when it runs again`;
  return new OctoError("BRIDGE_NOT_RUNNING", message);
}

/** One stream, until everything has ended or it breaks. */
async function readOnce(request: FollowRequest, ended: Map<TaskId, TaskView>, seen: () => void): Promise<StreamEnd> {
  const { client, taskIds } = request;
  const wanted = new Set(taskIds);
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, request.signal]);
  const takeTask = (task: TaskView): void => {
    if (!wanted.has(task.id) || ended.has(task.id)) return;
    request.onTask(task);
    if (hasEnded(task)) ended.set(task.id, task);
    if (ended.size === wanted.size) done.abort();
  };
  const receive = (message: StreamMessage): void => {
    seen();
    if (message.kind === "snapshot") {
      for (const task of message.snapshot.tasks) takeTask(task);
      request.onAsks(message.snapshot.asks.filter(({ taskId }) => taskId !== undefined && wanted.has(taskId)));
      takeMissing(message.snapshot.tasks);
    } else if (message.kind === "task") takeTask(message.task);
    else if (message.kind === "asks") request.onAsks(message.asks.filter(({ taskId }) => taskId !== undefined && wanted.has(taskId)));
    else if (message.kind === "output") request.onOutput(message.entry);
  };
  // The snapshot holds the newest ended tasks only.
  const asked: Promise<void>[] = [];
  const takeMissing = (present: readonly TaskView[]): void => {
    const there = new Set(present.map(({ id }) => id));
    for (const taskId of wanted) if (!there.has(taskId) && !ended.has(taskId)) asked.push(ask(taskId));
  };
  const ask = (taskId: TaskId): Promise<void> =>
    client.call("get_task", { taskId }).then(
      ({ task }) => takeTask(task),
      // The stream goes on without; a task that nobody knows would never end.
      (thrown: unknown) => {
        failure ??= thrown;
        done.abort();
      },
    );
  let failure: unknown;
  const end = await readStream({ socketPath: client.socketPath, output: request.output ? taskIds[0] : undefined, signal, receive });
  await Promise.all(asked);
  if (failure instanceof OctoError && failure.code === "TASK_UNKNOWN") throw failure;
  return end;
}

export function hasEnded({ state }: TaskView): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}
