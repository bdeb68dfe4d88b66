import type { InstanceStateName } from "../../shared/instance";
import type { TaskStateName } from "../../shared/task";
import type { Look } from "../paint/line";

/** The sign of a task's state, and how it strikes the eye. */
export const taskLooks: Readonly<Record<TaskStateName, readonly [string, Look]>> = {
  queued: ["⏳", "dim"],
  running: ["▶", "green"],
  waiting: ["⚠", "alarm"],
  succeeded: ["✔", "green"],
  failed: ["✖", "red"],
  cancelled: ["⊘", "dim"],
};

export function instanceLook(state: InstanceStateName): Look {
  if (state === "ready") return "green";
  if (state === "stopped") return "dim";
  return state === "failed" || state === "backoff" || state === "sweeping" ? "red" : "yellow";
}
