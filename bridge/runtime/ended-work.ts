import type { Task } from "../core/task";
import { hasEnded } from "../core/task";
import type { Clock } from "../ports/clock";
import type { EndedWork } from "../ports/results";
import type { Store } from "../ports/store";
import { parseTask } from "./documents";

const pageSize = 200;
/** The newest; `tasks.keepDays` forgets the others. */
const tasksMax = 50_000;

/** What the ended tasks left, by branch; the newest task of a branch speaks for it. */
export interface Works {
  readonly repositories: readonly string[];
  readonly byBranch: ReadonlyMap<string, readonly EndedWork[]>;
}

/** Reads the store page by page, so that the bridge goes on with its work in between. */
export async function readWorks(store: Store, soon: Clock["soon"]): Promise<Works> {
  const repositories = new Set<string>();
  const byBranch = new Map<string, EndedWork[]>();
  let before: { readonly submittedAtEpochMs: number; readonly id: string } | undefined;
  for (let read = 0; read < tasksMax; read += pageSize) {
    const tasks = store.tasks({ limit: pageSize, before }).map(parseTask);
    for (const task of tasks) {
      if (task.origin.kind !== "repository") continue;
      repositories.add(task.origin.repository);
      const work = workOf(task);
      if (work) byBranch.set(task.origin.branch, [...(byBranch.get(task.origin.branch) ?? []), work]);
    }
    const last = tasks.at(-1);
    if (last === undefined || tasks.length < pageSize) break;
    before = { submittedAtEpochMs: last.submittedAtEpochMs, id: last.id };
    await new Promise<void>((resolve) => void soon(resolve));
  }
  return { repositories: [...repositories], byBranch };
}

function workOf(task: Task): EndedWork | undefined {
  if (!hasEnded(task) || !("endedAtEpochMs" in task.state)) return undefined;
  return { taskId: task.id, endedAtEpochMs: task.state.endedAtEpochMs, result: task.branch };
}
