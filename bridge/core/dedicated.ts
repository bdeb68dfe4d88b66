import type { ErrorInfo } from "../../shared/errors";
import type { Draft } from "./draft";
import type { Instance } from "./instance";
import { retire } from "./instance-stop";
import { hasEnded, type Task } from "./task";

/** A server of the task's own (`isolation: server`) goes with it. */
export function retireDedicated(draft: Draft, task: Task): void {
  for (const instance of draft.instances.values()) {
    if (instance.dedicatedTo === task.id) retire(draft, instance);
  }
}

/** It serves one task alone, and that has ended. */
export function isMasterless(draft: Draft, { dedicatedTo }: Instance): boolean {
  if (dedicatedTo === undefined) return false;
  const task = draft.tasks.get(dedicatedTo);
  return task === undefined || hasEnded(task);
}

/** Why a task that wants a server of its own can never be placed: somebody removed it. */
export function serverlessness(draft: Draft, task: Task): ErrorInfo | undefined {
  if (task.spec.isolation !== "server") return undefined;
  for (const { dedicatedTo } of draft.instances.values()) if (dedicatedTo === task.id) return undefined;
  return { code: "INSTANCE_UNKNOWN", message: "the server of its own was removed; a retry starts another" };
}
