import { limits } from "../../../shared/protocol";
import type { TaskView } from "../../../shared/task";
import { explain, isStuck } from "../../core/eligibility";
import { hasEnded, isQueued, type Task } from "../../core/task";
import { inert } from "../../inert";
import { OctoError } from "../../octo-error";
import { parseTask } from "../documents";
import { firstOf } from "../first-of";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";
import { findTask } from "../task-lookup";
import { taskView } from "../task-view";
import { parseSubmitResult, parseTaskResult } from "./stored-results";
import { preview, reply, submit, withInstance } from "./submit";

type TaskCalls = Pick<
  BridgeCalls,
  | "distribute_task"
  | "preview_task"
  | "reply_task"
  | "list_tasks"
  | "get_task"
  | "why_task"
  | "task_diff"
  | "task_transcript"
  | "cancel_task"
  | "retry_task"
>;

const briefCharactersMax = 200;

const newestFirst = (a: Task, b: Task): number => b.submittedAtEpochMs - a.submittedAtEpochMs;

export function taskCalls(parts: ServiceParts): TaskCalls {
  const { engine, store, requests } = parts;
  const view = (task: Task): TaskView => taskView(task, engine.now());
  return {
    distribute_task: (params, { requestId }) =>
      requests.once("distribute_task", requestId, params, (record) => submit(parts, params, record), parseSubmitResult),

    preview_task: (params) => preview(parts, params),

    reply_task: (params, { requestId }) =>
      requests.once("reply_task", requestId, params, (record) => reply(parts, params, record), parseSubmitResult),

    async list_tasks({ limit = 100, all = false, brief = false }) {
      const ended = store.tasks({ limit: all ? limit : Math.min(limit, 20), ended: true }).map((json) => parseTask(json));
      const queued = engine.state.tasks.values().filter(isQueued);
      const others = firstOf([...queued, ...ended], limit, newestFirst);
      // What works or waits for a person is listed first of all, also when thousands were submitted after it.
      const listed = [...engine.state.tasks.active(), ...others].slice(0, limit).sort(newestFirst);
      return { tasks: listed.map(view).map((task) => (brief ? cut(task) : task)) };
    },

    get_task: async ({ taskId }) => ({ task: view(findTask(parts, taskId)) }),

    async why_task({ taskId }) {
      const task = findTask(parts, taskId);
      return { task: view(task), lines: whyLines(parts, task), stuck: isStuck(task, engine.state) };
    },

    async task_diff({ taskId }) {
      const { branch } = findTask(parts, taskId);
      if (!branch) throw new OctoError("TASK_NO_BRANCH", `${taskId} has no branch (yet)`);
      const { text, truncated } = await parts.workspaces.diff(branch, limits.diffBytesMax);
      return { diff: inert(text), truncated };
    },

    async task_transcript({ taskId }) {
      const { session } = findTask(parts, taskId);
      if (!session) throw new OctoError("TASK_NO_SESSION", `${taskId} has no session (yet)`);
      const link = parts.links.get(session.instanceId);
      if (!link) throw new OctoError("INSTANCE_NOT_READY", `${session.instanceId}, which holds the session, does not run`);
      const entries = await link.client.transcript({ directory: session.directory, sessionId: session.sessionId });
      return { entries: entries.map(({ role, text }) => ({ role, text: inert(text) })) };
    },

    async cancel_task({ taskId }) {
      const task = findTask(parts, taskId);
      if (hasEnded(task)) throw new OctoError("TASK_ENDED", `${taskId} has ${task.state.kind} already`);
      await engine.command({ events: [{ kind: "task-cancel-requested", taskId }] });
      return { task: view(findTask(parts, taskId)) };
    },

    retry_task: (params, { requestId }) =>
      requests.once(
        "retry_task",
        requestId,
        params,
        async (record) => {
          const task = findTask(parts, params.taskId);
          if (!hasEnded(task)) throw new OctoError("TASK_NOT_ENDED", `${task.id} is still ${task.state.kind}`);
          const result = { task: view({ ...task, state: { kind: "queued", sinceMs: 0, notBeforeMs: 0 } }) };
          await withInstance(parts, task, (before) =>
            engine.command({ events: [...before, { kind: "task-retry-requested", task }], record: record(result) }),
          );
          return result;
        },
        parseTaskResult,
      ),
  };
}

function whyLines(parts: ServiceParts, task: Task): readonly string[] {
  const { state } = parts.engine;
  if (task.state.kind === "queued") return explain(task, state, state.policy);
  const { placement } = task;
  if (!placement) return ["it was never placed"];
  const name = state.instances.get(placement.instanceId)?.name ?? placement.instanceId;
  return [`placed on ${name} by ${placement.strategy}`, ...placement.reasons];
}

/** For lists: without the long texts. */
function cut(task: TaskView): TaskView {
  return { ...task, prompt: task.prompt.slice(0, briefCharactersMax), text: task.text.slice(0, briefCharactersMax) };
}
