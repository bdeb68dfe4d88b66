import { candidatesFor, explain } from "./eligibility";
import type { CoreState } from "./state";
import { strategies } from "./strategy/strategies";
import type { Task } from "./task";

/** Where the task would be placed if it were submitted now, and by what reasons; the same code that places it. */
export function foresee(task: Task, state: CoreState): readonly string[] {
  if (task.spec.isolation === "server") return ["a server of its own would be started for it"];
  const candidates = candidatesFor(task, state.instances.values(), { loads: state.tasks.loads, policy: state.policy, hosts: state.hosts });
  if (task.blockedBy.length > 0 || candidates.length === 0 || state.day.reached !== undefined)
    return ["it would wait", ...explain(task, state, state.policy)];
  const name = task.spec.strategy ?? state.policy.strategy;
  const { candidate, reasons } = strategies[name](candidates, { lastChosen: state.lastChosen, random: state.random });
  return [`it would be placed on ${candidate.instance.name} by ${name}`, ...reasons];
}
