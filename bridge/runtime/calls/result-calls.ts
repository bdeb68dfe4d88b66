import type { TaskId } from "../../../shared/ids";
import type { Methods } from "../../../shared/protocol";
import type { DropResult, MergeResult, OpenResult } from "../../../shared/result";
import type { BranchResult } from "../../../shared/task";
import { hasEnded, isActive, type Task } from "../../core/task";
import { localHost } from "../../ids";
import { OctoError } from "../../octo-error";
import { collectGarbage, droppedTask } from "../collect-garbage";
import type { Recorder } from "../requests";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";
import { findTask, taskIfThere } from "../task-lookup";
import { parseDropResult, parseGcReport, parseMergeResult } from "./stored-results";

type ResultCalls = Pick<BridgeCalls, "merge_task" | "drop_task" | "open_task" | "gc">;

const dayMs = 24 * 60 * 60_000;
const gcAgeDefaultMs = 14 * dayMs;
/** A branch that replies went on with: as far back as anybody replies. */
const chainMax = 100;

export function resultCalls(parts: ServiceParts): ResultCalls {
  const { requests } = parts;
  return {
    merge_task: (params, { requestId }) =>
      requests.once("merge_task", requestId, params, (record) => merge(parts, params, record), parseMergeResult),

    drop_task: (params, { requestId }) =>
      requests.once("drop_task", requestId, params, (record) => drop(parts, params, record), parseDropResult),

    open_task: async ({ taskId }) => ({ open: await open(parts, taskId) }),

    gc: (params, { requestId }) =>
      requests.once(
        "gc",
        requestId,
        params,
        async (record) => {
          const { olderThanMs = gcAgeDefaultMs, dryRun = false } = params;
          const report = await collectGarbage(parts, { olderThanMs, dryRun });
          await note(parts, [], record(report));
          return report;
        },
        parseGcReport,
      ),
  };
}

async function merge(
  parts: ServiceParts,
  { taskId, mode, into, message }: Methods["merge_task"]["params"],
  record: Recorder,
): Promise<{ readonly merge: MergeResult }> {
  const { task, result } = settledWork(parts, taskId);
  const done = await parts.results.merge({ taskId, place: result, into, mode, message, title: task.title });
  const answer = { merge: done };
  const branch = { ...result, commit: done.tip, merged: { into: done.into, commit: done.after } };
  // Everything was in there already: by which commit, git alone knows.
  const amended = done.how === "none" ? [] : [{ ...task, branch }];
  await note(parts, amended, record(answer));
  return answer;
}

async function drop(
  parts: ServiceParts,
  { taskId, force = false }: Methods["drop_task"]["params"],
  record: Recorder,
): Promise<{ readonly drop: DropResult }> {
  const { task, result } = settledWork(parts, taskId);
  const answer = { drop: await parts.results.drop({ taskId, result, force, checkFree: () => void settledWork(parts, taskId) }) };
  await note(parts, chainOf(parts, task).flatMap(droppedTask), record(answer));
  return answer;
}

/** What git has done is done: a store that refuses only forgets to note it, and the same command again finds it done. */
async function note(parts: ServiceParts, amended: readonly Task[], record: ReturnType<Recorder>): Promise<void> {
  await parts.engine.command({ events: [], amended, record }).catch(() => undefined);
}

/** The task and those it replied to, which share its branch. */
function chainOf(parts: ServiceParts, task: Task): readonly Task[] {
  const chain = [task];
  for (let before = task.spec.replyTo; before !== undefined && chain.length < chainMax; before = chain.at(-1)?.spec.replyTo) {
    const earlier = taskIfThere(parts, before);
    if (!earlier) break;
    chain.push(earlier);
  }
  return chain;
}

/** Of a task that has ended, on a branch that no other task works on now. TASK_UNKNOWN, TASK_NOT_ENDED, TASK_NO_BRANCH. */
function settledWork(parts: ServiceParts, taskId: TaskId): { readonly task: Task; readonly result: BranchResult } {
  const task = findTask(parts, taskId);
  if (!hasEnded(task)) throw new OctoError("TASK_NOT_ENDED", `${taskId} is still ${task.state.kind}`);
  const result = task.branch;
  if (!result) throw new OctoError("TASK_NO_BRANCH", `${taskId} left no branch`);
  const successor = [...parts.engine.state.tasks.values()].find(
    ({ origin }) => origin.kind === "repository" && origin.repository === result.repository && origin.branch === result.branch,
  );
  if (successor) throw new OctoError("TASK_NOT_ENDED", `${successor.id} goes on with ${result.branch} now`);
  return { task, result };
}

async function open(parts: ServiceParts, taskId: TaskId): Promise<OpenResult> {
  const task = findTask(parts, taskId);
  if (task.origin.kind === "in-place") return { taskId, path: task.origin.directory, live: !hasEnded(task) };
  if (isActive(task)) {
    const { workspace, instanceId } = task.state.attempt;
    const isHere = parts.engine.state.instances.get(instanceId)?.host === localHost;
    if (isHere && workspace) {
      return { taskId, path: workspace.branch?.worktree ?? workspace.directory, branch: workspace.branch?.name, live: true };
    }
  }
  return await parts.results.open({ taskId, place: settledWork(parts, taskId).result });
}
