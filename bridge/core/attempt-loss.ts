import type { ErrorInfo } from "../../shared/errors";
import { lostEnd, withAttempt } from "./attempt";
import { collect } from "./attempt-end";
import type { Draft } from "./draft";
import type { Instance } from "./instance";
import { inspect } from "./prompt-steps";

/** The instance is proven gone: its attempts end as lost. `counted`: they use up a try each. */
export function loseAttempts(draft: Draft, instance: Instance, error: ErrorInfo, counted: boolean): void {
  for (const task of draft.tasks.active()) {
    if (task.state.attempt.instanceId !== instance.id) continue;
    const { attempt } = task.state;
    const lost = lostEnd(error, counted);
    switch (attempt.phase.kind) {
      case "collecting":
        break;
      case "preparing":
        // git is at work in the slot's worktree: end when it is done.
        draft.putTask(withAttempt(task, { ending: attempt.ending ?? lost }));
        break;
      case "aborting":
        collect(draft, task, attempt.phase.end);
        break;
      default:
        collect(draft, task, attempt.ending ?? lost);
    }
  }
}

/** The stream was down: whatever happened meanwhile is asked for before anything is decided. */
export function reinspectAttempts(draft: Draft, instance: Instance): void {
  for (const task of draft.tasks.active()) {
    const { instanceId, phase } = task.state.attempt;
    if (instanceId !== instance.id) continue;
    // Progress that nobody heard of may have been made.
    inspect(draft, phase.kind === "started" ? withAttempt(task, { phase: { ...phase, progressAtMs: draft.now.ms } }) : task);
  }
}
