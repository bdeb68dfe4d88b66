import type { InstanceId, TaskId } from "../../shared/ids";
import type { CoreState } from "../core/state";
import type { Task } from "../core/task";
import type { CommitBatch, RequestRecord, StoredTask } from "../ports/store";

interface Changes {
  readonly changedTasks: ReadonlySet<TaskId>;
  readonly changedInstances: ReadonlySet<InstanceId>;
  readonly amendedTasks: readonly Task[];
  readonly records: readonly RequestRecord[];
  readonly clockMs: number;
}

/** What one turn has to store. */
export function batchOf(state: CoreState, { changedTasks, changedInstances, amendedTasks, records, clockMs }: Changes): CommitBatch {
  const instances = [...changedInstances].flatMap((id) => state.instances.get(id) ?? []);
  return {
    clockMs,
    tasks: [...[...changedTasks].flatMap((id) => state.tasks.get(id) ?? []), ...amendedTasks].map(storedTask),
    instances: instances.map((instance) => ({ id: instance.id, json: JSON.stringify(instance) })),
    removedInstances: [...changedInstances].filter((id) => !state.instances.has(id)),
    requests: records,
  };
}

function storedTask(task: Task): StoredTask {
  const { state } = task;
  const endedAtEpochMs = "endedAtEpochMs" in state ? state.endedAtEpochMs : undefined;
  return { id: task.id, json: JSON.stringify(task), state: state.kind, submittedAtEpochMs: task.submittedAtEpochMs, endedAtEpochMs };
}
