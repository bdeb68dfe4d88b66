import type { InstanceId, TaskId } from "../../../shared/ids";
import { isActive, type Task } from "../../core/task";
import { OctoError } from "../../octo-error";
import { isTaskId } from "../panes/create-panes";
import type { AttachInfo } from "../service";
import type { ServiceParts } from "../service-parts";
import { findTask } from "../task-lookup";

interface Session {
  readonly instanceId: InstanceId;
  readonly sessionId?: string | undefined;
  readonly directory?: string | undefined;
}

/**
 * What OpenCode's own TUI needs to show a task's session, or an instance. TASK_UNKNOWN, TASK_NO_SESSION, INSTANCE_UNKNOWN,
 * INSTANCE_NOT_READY, OPENCODE_MISSING.
 */
export async function attachInfo(parts: ServiceParts, target: InstanceId | TaskId): Promise<AttachInfo> {
  const { instanceId, sessionId, directory } = sessionOf(parts, target);
  const instance = parts.engine.state.instances.get(instanceId);
  if (!instance) throw new OctoError("INSTANCE_UNKNOWN", `there is no instance ${instanceId} (any more)`);
  const link = parts.links.get(instanceId);
  if (!link || instance.version === undefined) throw new OctoError("INSTANCE_NOT_READY", `${instance.name} does not answer yet`);
  return { command: await parts.openCodeCommand(), ...link.server.endpoint, sessionId, directory };
}

function sessionOf(parts: ServiceParts, target: InstanceId | TaskId): Session {
  if (!isTaskId(target)) return { instanceId: target };
  const task = findTask(parts, target);
  const session = sessionOfTask(task);
  if (!session) throw new OctoError("TASK_NO_SESSION", `${task.id} has no session yet`);
  return session;
}

/** Where it runs, else where it ran. */
export function sessionOfTask(task: Task): Session | undefined {
  return liveSession(task) ?? task.session;
}

function liveSession(task: Task): Session | undefined {
  if (!isActive(task)) return undefined;
  const { instanceId, sessionId, resumes, workspace } = task.state.attempt;
  return sessionId === undefined ? undefined : { instanceId, sessionId, directory: resumes?.directory ?? workspace?.directory };
}
