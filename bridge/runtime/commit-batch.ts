import type { AuditEntry } from "../../shared/audit";
import type { AskId, InstanceId, TaskId } from "../../shared/ids";
import type { Booking } from "../core/day";
import type { CoreState } from "../core/state";
import type { Task } from "../core/task";
import type { CommitBatch, RequestRecord, StoredHappening, StoredSpend, StoredTask } from "../ports/store";

interface Changes {
  readonly changedTasks: ReadonlySet<TaskId>;
  readonly changedInstances: ReadonlySet<InstanceId>;
  readonly amendedTasks: readonly Task[];
  readonly changedAsks: ReadonlySet<AskId>;
  readonly audits: readonly AuditEntry[];
  readonly records: readonly RequestRecord[];
  readonly bookings: readonly Booking[];
  readonly happenings: readonly StoredHappening[];
  readonly dayChanged: boolean;
  readonly clockMs: number;
}

/** What one turn has to store. */
export function batchOf(state: CoreState, changes: Changes): CommitBatch {
  const { changedTasks, changedInstances, changedAsks, audits, amendedTasks, records, clockMs, bookings, happenings, dayChanged } = changes;
  const instances = [...changedInstances].flatMap((id) => state.instances.get(id) ?? []);
  return {
    clockMs,
    tasks: [...[...changedTasks].flatMap((id) => state.tasks.get(id) ?? []), ...amendedTasks].map(storedTask),
    instances: instances.map((instance) => ({ id: instance.id, json: JSON.stringify(instance) })),
    removedInstances: [...changedInstances].filter((id) => !state.instances.has(id)),
    asks: [...changedAsks].flatMap((id) => state.asks.get(id) ?? []).map((ask) => ({ id: ask.id, json: JSON.stringify(ask) })),
    removedAsks: [...changedAsks].filter((id) => !state.asks.has(id)),
    audits: audits.map((entry) => ({ taskId: entry.taskId, atEpochMs: entry.closedAtEpochMs, json: JSON.stringify(entry) })),
    requests: records,
    spend: bookings.map(storedSpend),
    happenings,
    day: dayChanged ? JSON.stringify(state.day) : undefined,
  };
}

/** Whether there is anything in it but the clock. */
export function isEmpty(changes: Changes): boolean {
  const { changedTasks, changedInstances, changedAsks, audits, amendedTasks, records, happenings, dayChanged } = changes;
  const sets = [changedTasks, changedInstances, changedAsks];
  const lists = [audits, amendedTasks, records, happenings];
  return sets.every(({ size }) => size === 0) && lists.every(({ length }) => length === 0) && !dayChanged;
}

function storedSpend({ usage, host, ...booking }: Booking): StoredSpend {
  return { ...booking, host: host ?? "", ...usage };
}

function storedTask(task: Task): StoredTask {
  const { state } = task;
  const endedAtEpochMs = "endedAtEpochMs" in state ? state.endedAtEpochMs : undefined;
  return { id: task.id, json: JSON.stringify(task), state: state.kind, submittedAtEpochMs: task.submittedAtEpochMs, endedAtEpochMs };
}
