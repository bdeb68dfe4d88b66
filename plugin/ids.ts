import type { AskId, HostId, InstanceId, TaskId } from "../shared/ids";

// The one place where text of the bridge becomes an id again.

export function isTaskId(text: string | undefined): text is TaskId {
  return fits(text, "^tsk_[%w_-]+$");
}

export function isInstanceId(text: string | undefined): text is InstanceId {
  return fits(text, "^ins_[%w_-]+$");
}

export function isAskId(text: string | undefined): text is AskId {
  return fits(text, "^[pq][eu][re]_[%w_-]+$");
}

export function isHostId(text: string | undefined): text is HostId {
  return fits(text, "^%w[%w._-]*$");
}

function fits(text: string | undefined, pattern: string): boolean {
  return text !== undefined && string.find(text, pattern)[0] !== undefined;
}
