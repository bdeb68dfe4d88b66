import type { InstanceId, TaskId } from "../../shared/ids";
import { hasEnded, isActive } from "../core/task";
import type { ServerNews } from "../ports/opencode";
import type { CommittedTurn } from "./engine";
import type { OutputBuffers } from "./output-buffers";

/** Leads what sessions say into the buffers of their tasks. */
export function outputTap(output: OutputBuffers): {
  readonly note: (turn: CommittedTurn) => void;
  readonly news: (instanceId: InstanceId, news: ServerNews) => void;
} {
  const taskOf = new Map<string, TaskId>();
  const keyOf = (instanceId: InstanceId, sessionId: string): string => `${instanceId} ${sessionId}`;
  return {
    note({ state, changedTasks }) {
      for (const id of changedTasks) {
        const task = state.tasks.get(id);
        if (!task) continue;
        const attempt = isActive(task) ? task.state.attempt : undefined;
        if (attempt?.sessionId !== undefined) taskOf.set(keyOf(attempt.instanceId, attempt.sessionId), id);
        if (hasEnded(task) && task.session) taskOf.delete(keyOf(task.session.instanceId, task.session.sessionId));
      }
    },
    news(instanceId, news) {
      if (news.kind !== "text" && news.kind !== "tool") return;
      const taskId = taskOf.get(keyOf(instanceId, news.sessionId));
      if (taskId === undefined) return;
      if (news.kind === "text") output.append(taskId, { kind: "text", text: news.delta });
      else output.append(taskId, { kind: "tool", name: news.name, title: news.title, status: news.status });
    },
  };
}
