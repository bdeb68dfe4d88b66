import type { GcReport } from "../../shared/result";
import type { Task } from "../core/task";
import { readWorks } from "./ended-work";
import type { ServiceParts } from "./service-parts";
import { taskIfThere } from "./task-lookup";

type CollectParts = Pick<ServiceParts, "engine" | "store" | "results" | "clock">;

export interface CollectOptions {
  readonly olderThanMs: number;
  readonly dryRun: boolean;
}

/** Asks git what may go, lets it go, and notes it with the tasks. */
export async function collectGarbage(parts: CollectParts, { olderThanMs, dryRun }: CollectOptions): Promise<GcReport> {
  const { engine, store, clock } = parts;
  const works = await readWorks(store, clock.soon);
  const worksOn = (branch: string) =>
    [...engine.state.tasks.values()].some(({ origin }) => origin.kind === "repository" && origin.branch === branch);
  const report = await parts.results.collect({
    repositories: works.repositories,
    endedWork: (branch) => works.byBranch.get(branch)?.[0],
    // As of when they are asked: a reply may take a branch up again while git looks.
    liveTasks: { has: (id) => [...engine.state.tasks.values()].some((task) => task.id === id) },
    liveBranches: { has: worksOn },
    liveInstances: { has: (id) => [...engine.state.instances.keys()].some((instanceId) => instanceId === id) },
    endedBeforeEpochMs: clock.epochMs() - olderThanMs,
    dryRun,
  });
  if (!dryRun) {
    const gone = report.removed.filter(({ kind }) => kind === "branch").flatMap(({ name }) => works.byBranch.get(name) ?? []);
    const amended = gone.flatMap(({ taskId }) => droppedTask(taskIfThere(parts, taskId)));
    if (amended.length > 0) await engine.command({ events: [], amended });
  }
  return report;
}

/** As its document is once its branch is deleted; nothing for one that knows of no branch. */
export function droppedTask(task: Task | undefined): readonly Task[] {
  return task?.branch === undefined ? [] : [{ ...task, branch: { ...task.branch, dropped: true } }];
}
