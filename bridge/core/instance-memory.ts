import type { Draft } from "./draft";
import type { Instance, KnownDirectory } from "./instance";
import { beginStop } from "./instance-stop";
import type { ActiveTask } from "./task";

/** Notes that the server is about to work in a folder; over the limit it forgets the one that was not used for longest. */
export function noteDirectory(draft: Draft, task: ActiveTask, directory: string): void {
  const instance = draft.instances.get(task.state.attempt.instanceId);
  if (!instance) return;
  const repository = task.origin.kind === "repository" ? task.origin.repository : task.origin.directory;
  const known = [{ directory, repository }, ...instance.directories.filter((each) => each.directory !== directory)];
  const forgotten = known.length > draft.policy.directoriesMax ? leastUsed(draft, instance, known) : undefined;
  draft.putInstance({ ...instance, directories: known.filter((each) => each !== forgotten) });
  if (forgotten) draft.ask({ kind: "forget-directory", instance, directory: forgotten.directory });
}

function leastUsed(draft: Draft, instance: Instance, known: readonly KnownDirectory[]): KnownDirectory | undefined {
  const used = new Set<string>();
  for (const task of draft.tasks.active()) {
    if (task.state.attempt.instanceId === instance.id) used.add(task.state.attempt.workspace?.directory ?? "");
  }
  return known.findLast(({ directory }, index) => index > 0 && !used.has(directory));
}

/** What its memory is; an idle instance above the limit starts anew. */
export function noteMemory(draft: Draft, instance: Instance, rssBytes: number): void {
  const measured: Instance = { ...instance, health: { ...instance.health, rssBytes } };
  const { rssMaxBytes } = draft.policy;
  if (instance.state.kind !== "ready" || rssMaxBytes === 0 || rssBytes <= rssMaxBytes || isUsed(draft, instance)) {
    return draft.putInstance(measured, { passing: true });
  }
  beginStop(draft, { ...measured, directories: [] }, "start");
}

function isUsed(draft: Draft, instance: Instance): boolean {
  for (const task of draft.tasks.active()) {
    if (task.state.attempt.instanceId === instance.id) return true;
  }
  return false;
}
