import type { InstanceStateName, InstanceView } from "../../shared/instance";
import type { Counts } from "../../shared/snapshot";
import { cutReason, type Hosts, isCutOff } from "../core/host";
import type { Instance } from "../core/instance";
import type { Load } from "../core/load";
import type { CoreState } from "../core/state";
import { inert } from "../inert";
import { waitingCount } from "./ask-views";
import { stateName } from "./task-view";

/** An instance as clients see it, without its password. */
export function instanceView(instance: Instance, load: Load | undefined, hosts: Hosts): InstanceView {
  const { state } = instance;
  const error = cutReason(instance, hosts) ?? ("error" in state ? state.error : undefined);
  return {
    id: instance.id,
    name: instance.name,
    host: instance.host,
    state: instanceStateName(instance, hosts),
    incarnation: instance.incarnation,
    labels: instance.labels,
    port: instance.port,
    pid: instance.identity?.pid,
    startedAtEpochMs: instance.startedAtEpochMs,
    version: instance.version,
    slots: instance.slots,
    running: load?.running ?? 0,
    waiting: load?.waiting ?? 0,
    rssBytes: instance.health.rssBytes,
    error: error && { code: error.code, message: inert(error.message) },
  };
}

/** What clients are told: nobody knows how an instance is whose host cannot be reached. */
export function instanceStateName({ state: { kind }, host }: Instance, hosts: Hosts): InstanceStateName {
  if (kind === "queued") return "starting";
  const settled = kind === "stopped" || kind === "failed" || kind === "backoff";
  return !settled && isCutOff({ host }, hosts) ? "unknown" : kind;
}

const byName = new Intl.Collator("en", { numeric: true });

/** In the order of their names, whatever order they were loaded in. */
export function instanceViews(state: CoreState): readonly InstanceView[] {
  const instances = [...state.instances.values()].sort((a, b) => byName.compare(a.name, b.name));
  return instances.map((instance) => instanceView(instance, state.tasks.loads.get(instance.id), state.hosts));
}

type LiveCounts = Pick<Counts, "instances" | "instancesReady" | "queued" | "running" | "waiting" | "hosts" | "hostsReady">;

/** Other machines; nothing where there are none. */
export function hostCounts({ hosts }: Pick<CoreState, "hosts">): Pick<Counts, "hosts" | "hostsReady"> {
  const away = [...hosts.values()].filter(({ isHome }) => !isHome);
  return away.length === 0 ? {} : { hosts: away.length, hostsReady: away.filter(({ link }) => link.kind === "up").length };
}

/** What the state says; ended tasks and cost are counted elsewhere. */
export function liveCounts(state: CoreState): LiveCounts {
  const instances = [...state.instances.values()];
  return {
    instances: instances.filter(({ state: { kind } }) => kind !== "stopped").length,
    instancesReady: instances.filter((instance) => ["ready", "draining"].includes(instanceStateName(instance, state.hosts))).length,
    queued: state.tasks.queuedCount,
    running: state.tasks.active().filter((task) => stateName(task) === "running").length,
    waiting: waitingCount(state),
    ...hostCounts(state),
  };
}
