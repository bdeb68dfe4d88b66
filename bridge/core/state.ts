import type { Ask } from "../../shared/ask";
import type { AskId, InstanceId, TaskId } from "../../shared/ids";
import type { Instance } from "./instance";
import type { Policy } from "./policy";
import type { RandomState } from "./random";
import type { Task } from "./task";

/** Everything the core decides by. Ended tasks leave it after the commit of the turn that ended them. */
export interface CoreState {
  readonly policy: Policy;
  readonly tasks: ReadonlyMap<TaskId, Task>;
  readonly instances: ReadonlyMap<InstanceId, Instance>;
  /** Open permissions and questions; not stored, asked for again after a reconnect. */
  readonly asks: ReadonlyMap<AskId, Ask>;
  /** Asks from before the latest opening of their instance's stream: gone unless they are listed now. */
  readonly doubtedAsks: ReadonlySet<AskId>;
  readonly random: RandomState;
  /** The instance that round-robin chose last. */
  readonly lastChosen?: InstanceId | undefined;
  /** When queued tasks were last looked at for placement: what was to wait until later still has to be. */
  readonly scheduledAtMs: number;
  /** News of earlier incarnations and answers to earlier steps, dropped. */
  readonly dropped: number;
}

export function emptyState(policy: Policy, seed: RandomState): CoreState {
  return {
    policy,
    tasks: new Map(),
    instances: new Map(),
    asks: new Map(),
    doubtedAsks: new Set(),
    random: seed,
    scheduledAtMs: 0,
    dropped: 0,
  };
}
