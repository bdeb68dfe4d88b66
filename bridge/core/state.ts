import type { AskId, InstanceId } from "../../shared/ids";
import { type Day, noDay } from "./day";
import type { Hosts } from "./host";
import type { Instance } from "./instance";
import type { OpenAsks } from "./open-ask";
import type { Policy } from "./policy";
import type { RandomState } from "./random";
import { TaskTable } from "./task-table";

/** Everything the core decides by. Ended tasks leave it after the commit of the turn that ended them. */
export interface CoreState {
  readonly policy: Policy;
  readonly tasks: TaskTable;
  readonly instances: ReadonlyMap<InstanceId, Instance>;
  /** Machines beside this one. Not stored here: they are named at each start. */
  readonly hosts: Hosts;
  /** Open permissions and questions; compared with what the server lists after each reconnect. */
  readonly asks: OpenAsks;
  /** Asks from before the latest opening of their instance's stream: gone unless they are listed now. */
  readonly doubtedAsks: ReadonlySet<AskId>;
  /** Asks that are over, the latest last, so many that no late word about one opens it again. */
  readonly closedAsks: ReadonlySet<AskId>;
  /** What was used up today, and whether that is enough. */
  readonly day: Day;
  readonly random: RandomState;
  /** The instance that round-robin chose last. */
  readonly lastChosen?: InstanceId | undefined;
  /** News of earlier incarnations and answers to earlier steps, dropped. */
  readonly dropped: number;
}

export function emptyState(policy: Policy, seed: RandomState): CoreState {
  return {
    policy,
    tasks: TaskTable.of([]),
    instances: new Map(),
    hosts: new Map(),
    asks: new Map(),
    doubtedAsks: new Set(),
    closedAsks: new Set(),
    day: noDay,
    random: seed,
    dropped: 0,
  };
}
