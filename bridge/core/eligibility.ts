import type { InstanceId } from "../../shared/ids";
import type { Day } from "./day";
import { cutReason, type Hosts, pressureOf } from "./host";
import type { Instance } from "./instance";
import { type Loads, noLoad } from "./load";
import type { Policy } from "./policy";
import type { Task } from "./task";
import { tiedToHome } from "./task-shelves";
import type { TaskTable } from "./task-table";

/** An instance that may take the task now. */
export interface Candidate {
  readonly instance: Instance;
  readonly running: number;
  readonly waiting: number;
  /** The task has not been tried there, or nowhere else is left. */
  readonly fresh: boolean;
  /** How little its machine wants more work; 0 where nothing is known. */
  readonly pressure: number;
  /** It has worked in the task's repository: a new one costs it seconds of CPU at the first prompt (measured). */
  readonly knows: boolean;
}

/** What decides beside the task and the instance themselves. */
export interface Surroundings {
  readonly loads: Loads;
  readonly policy: Policy;
  readonly hosts: Hosts;
}

interface Holdings {
  readonly tasks: TaskTable;
  readonly instances: ReadonlyMap<InstanceId, Instance>;
  readonly hosts: Hosts;
  readonly day: Day;
}

/** Why the task cannot be placed on the instance now; undefined when it can. */
function obstacle(task: Task, instance: Instance, around: Surroundings): string | undefined {
  const mismatch = mismatchOf(task, instance, around.hosts) ?? lackingModel(task, instance, around.hosts);
  if (mismatch !== undefined) return mismatch;
  const closed = closedBy(instance, around);
  if (closed !== undefined) return closed;
  if (task.pin && around.loads.get(instance.id)?.slots.has(task.pin.slot)) return "its session's worktree is in use";
  return undefined;
}

/** What of the two does not go together, however long one waits. */
function mismatchOf(task: Task, instance: Instance, among: Hosts): string | undefined {
  if (task.pin && task.pin.instanceId !== instance.id) return "its session lives on another instance";
  if (instance.dedicatedTo !== undefined && instance.dedicatedTo !== task.id) return `serves ${instance.dedicatedTo} alone`;
  if (task.spec.isolation === "server" && instance.dedicatedTo !== task.id) return "the task wants a server of its own";
  const { instances, hosts, labels } = task.spec.filter;
  if (instances.length > 0 && !instances.includes(instance.id)) return "not among the instances asked for";
  if (hosts.length > 0 && !hosts.includes(instance.host)) return `host ${instance.host} is not asked for`;
  const missing = labels.find((label) => !instance.labels.includes(label));
  if (missing !== undefined) return `lacks the label ${missing}`;
  return among.get(instance.host)?.isHome === false ? tiedToHome(task) : undefined;
}

/** Why the task's model keeps it from a host. What is not offered at home either may come with the project: OpenCode decides there. */
function lackingModel({ spec: { model } }: Task, instance: Instance, hosts: Hosts): string | undefined {
  const host = hosts.get(instance.host);
  if (model === undefined || host === undefined || host.isHome || cutReason(instance, hosts)) return undefined;
  if (host.models === undefined) return `the models of ${host.id} are not known yet`;
  const atHome = [...hosts.values()].find(({ isHome }) => isHome)?.models;
  if (host.models.includes(model) || atHome?.includes(model) === false) return undefined;
  return `${host.id} does not offer ${model}: log in there with \`opencode auth login\`, then \`octo restart ${instance.name}\``;
}

/** Why the instance takes no task at all now; undefined when it is open. */
function closedBy(instance: Instance, { loads, policy, hosts }: Surroundings): string | undefined {
  const reason = cutReason(instance, hosts);
  if (reason) return `${instance.host} cannot be reached: ${reason.message}`;
  const diskFreeBytes = hosts.get(instance.host)?.figures?.diskFreeBytes ?? Number.POSITIVE_INFINITY;
  if (diskFreeBytes < policy.diskFreeMinBytes) return `the disk of ${instance.host} is nearly full`;
  if (instance.state.kind !== "ready") return whyNotReady(instance);
  const load = loads.get(instance.id) ?? noLoad;
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

/** Takes tasks now: it is ready and has a slot free. */
export function isOpen(instance: Instance, around: Surroundings): boolean {
  return closedBy(instance, around) === undefined;
}

/** Every instance that may take it; those it failed on only when there is no other. */
export function candidatesFor(task: Task, instances: Iterable<Instance>, around: Surroundings): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const instance of instances) {
    if (obstacle(task, instance, around) !== undefined) continue;
    const { running, waiting } = around.loads.get(instance.id) ?? noLoad;
    const fresh = !task.attempts.some((attempt) => attempt.instanceId === instance.id);
    candidates.push({
      instance,
      running,
      waiting,
      fresh,
      pressure: pressureOf(around.hosts.get(instance.host)?.figures),
      knows: knows(instance, task),
    });
  }
  const untried = candidates.filter((candidate) => candidate.fresh);
  return untried.length > 0 ? untried : candidates;
}

/** Said of a day whose limit is reached. */
function whyClosed(reached: string): string {
  return `the day's limit is reached (${reached}): the queue goes on at midnight, or with \`octo cost --allow AMOUNT\``;
}

function knows({ directories }: Instance, { origin }: Task): boolean {
  const home = origin.kind === "repository" ? origin.repository : origin.directory;
  return directories.some(({ repository }) => repository === home);
}

/** Whether a task that waits will wait until a person changes something: whatever suits it is stopped or has failed, if there is anything. */
export function isStuck(task: Task, { instances, hosts }: Pick<Holdings, "instances" | "hosts">): boolean {
  if (task.state.kind !== "queued" || task.blockedBy.length > 0) return false;
  return [...instances.values()].every(
    (instance) => mismatchOf(task, instance, hosts) !== undefined || instance.state.kind === "stopped" || instance.state.kind === "failed",
  );
}

/** For `octo why`: each instance with the reason it does not take the task now. */
export function explain(task: Task, holdings: Holdings, policy: Policy): readonly string[] {
  const around = { loads: holdings.tasks.loads, policy, hosts: holdings.hosts };
  const lines: string[] = [];
  if (task.blockedBy.length > 0) lines.push(`waits for ${task.blockedBy.join(", ")}`);
  if (holdings.day.reached !== undefined) lines.push(whyClosed(holdings.day.reached));
  if (holdings.instances.size === 0) lines.push("there is no instance; start one with `octo spawn`");
  for (const instance of holdings.instances.values()) {
    lines.push(`${instance.name}: ${obstacle(task, instance, around) ?? "can take it"}`);
  }
  return lines;
}
