import type { InstanceId } from "../../shared/ids";
import type { Instance } from "./instance";
import type { Policy } from "./policy";
import type { Task } from "./task";
import type { TaskTable } from "./task-table";

/** What the attempts of one instance take up. */
export interface Load {
  running: number;
  waiting: number;
  /** Slot indexes (pooled worktrees) in use, waiting attempts included. */
  readonly slots: Set<number>;
  /** Folders it has worked in lately: a directory OpenCode does not know yet costs seconds (measured). */
  readonly directories: Set<string>;
}
export type Loads = ReadonlyMap<InstanceId, Load>;

/** An instance that may take the task now. */
export interface Candidate {
  readonly instance: Instance;
  readonly running: number;
  readonly waiting: number;
  /** The task has not been tried there, or nowhere else is left. */
  readonly fresh: boolean;
}

interface Holdings {
  readonly tasks: TaskTable;
  readonly instances: ReadonlyMap<InstanceId, Instance>;
}

export function loadsOf(holdings: Holdings): Loads {
  const loads = new Map<InstanceId, Load>();
  for (const id of holdings.instances.keys()) loads.set(id, { running: 0, waiting: 0, slots: new Set(), directories: new Set() });
  for (const task of holdings.tasks.active()) {
    const { attempt } = task.state;
    const load = loads.get(attempt.instanceId);
    if (!load) continue;
    if (attempt.phase.kind === "waiting") load.waiting += 1;
    else load.running += 1;
    load.slots.add(attempt.slot);
  }
  return loads;
}

/** The lowest index that no live attempt of the instance uses. */
export function slotFor(loads: Loads, id: InstanceId): number {
  const slots = loads.get(id)?.slots;
  let slot = 0;
  while (slots?.has(slot)) slot += 1;
  return slot;
}

/** Why the task cannot be placed on the instance now; undefined when it can. */
export function obstacle(task: Task, instance: Instance, loads: Loads, policy: Policy): string | undefined {
  if (task.pin && task.pin.instanceId !== instance.id) return "its session lives on another instance";
  if (instance.dedicatedTo !== undefined && instance.dedicatedTo !== task.id) return `serves ${instance.dedicatedTo} alone`;
  if (task.spec.isolation === "server" && instance.dedicatedTo !== task.id) return "the task wants a server of its own";
  const { instances, hosts, labels } = task.spec.filter;
  if (instances.length > 0 && !instances.includes(instance.id)) return "not among the instances asked for";
  if (hosts.length > 0 && !hosts.includes(instance.host)) return `host ${instance.host} is not asked for`;
  const missing = labels.find((label) => !instance.labels.includes(label));
  if (missing !== undefined) return `lacks the label ${missing}`;
  const closed = closedBy(instance, loads, policy);
  if (closed !== undefined) return closed;
  if (task.pin && loads.get(instance.id)?.slots.has(task.pin.slot)) return "its session's worktree is in use";
  return undefined;
}

/** Why the instance takes no task at all now; undefined when it is open. */
function closedBy(instance: Instance, loads: Loads, policy: Policy): string | undefined {
  if (instance.state.kind !== "ready") return whyNotReady(instance);
  const load = loads.get(instance.id);
  if (!load) return "is unknown";
  if (load.running >= instance.slots) return `all ${instance.slots} slots are taken`;
  if (load.waiting >= policy.waitingMax) return `${load.waiting} tasks wait for a person there`;
  return undefined;
}

function whyNotReady({ name, state }: Instance): string {
  switch (state.kind) {
    case "failed":
      return `has failed: ${state.error.message}; mend that, then \`octo restart ${name}\``;
    case "stopped":
      return `is stopped; start it with \`octo restart ${name}\``;
    case "backoff":
      return `is about to start again: ${state.error.message}`;
    default:
      return `is ${state.kind}`;
  }
}

export function openInstances(holdings: Pick<Holdings, "instances"> & { readonly policy: Policy }, loads: Loads): readonly Instance[] {
  return [...holdings.instances.values()].filter((instance) => closedBy(instance, loads, holdings.policy) === undefined);
}

/** Every instance that may take it; those it failed on only when there is no other. */
export function candidatesFor(task: Task, instances: Iterable<Instance>, loads: Loads, policy: Policy): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const instance of instances) {
    if (obstacle(task, instance, loads, policy) !== undefined) continue;
    const load = loads.get(instance.id);
    const fresh = !task.attempts.some((attempt) => attempt.instanceId === instance.id);
    candidates.push({ instance, running: load?.running ?? 0, waiting: load?.waiting ?? 0, fresh });
  }
  const untried = candidates.filter((candidate) => candidate.fresh);
  return untried.length > 0 ? untried : candidates;
}

/** For `octo why`: each instance with the reason it does not take the task now. */
export function explain(task: Task, holdings: Holdings, policy: Policy): readonly string[] {
  const loads = loadsOf(holdings);
  const lines: string[] = [];
  if (task.blockedBy.length > 0) lines.push(`waits for ${task.blockedBy.join(", ")}`);
  if (holdings.instances.size === 0) lines.push("there is no instance; start one with `octo spawn`");
  for (const instance of holdings.instances.values()) {
    lines.push(`${instance.name}: ${obstacle(task, instance, loads, policy) ?? "can take it"}`);
  }
  return lines;
}
