import type { TaskId } from "../../../shared/ids";
import type { SpawnParams } from "../../../shared/instance";
import type { Event } from "../../core/event";
import type { Instance } from "../../core/instance";
import { localHost, newInstanceId } from "../../ids";
import { OctoError } from "../../octo-error";
import type { ServiceParts } from "../service-parts";

/** New instances, not started yet; one caller at a time (`spawning`). INSTANCE_LIMIT, OPEN_FILES_LIMIT, PORT_TAKEN, HOST_UNKNOWN. */
export async function newInstances(parts: ServiceParts, params: SpawnParams): Promise<readonly Instance[]> {
  const { instances, policy } = parts.engine.state;
  const wanted = params.count ?? 1;
  if (params.port !== undefined && wanted > 1)
    throw new OctoError("REQUEST_INVALID", "port: only one instance can have it, but count is more");
  if (instances.size + wanted > policy.instancesMax) {
    throw new OctoError("INSTANCE_LIMIT", `${instances.size} instances and ${wanted} more are over the limit of ${policy.instancesMax}`);
  }
  const filesFor = parts.openFiles?.instancesMax ?? Number.POSITIVE_INFINITY;
  if (instances.size + wanted > filesFor) {
    const limit = `the bridge may have ${parts.openFiles?.filesMax} files open, enough for ${filesFor} instances`;
    throw new OctoError("OPEN_FILES_LIMIT", `${limit}: there are ${instances.size}, ${wanted} more are wanted`);
  }
  const host = params.host ?? localHost;
  const at = host === localHost ? undefined : parts.hosts.record(host);
  const given = { ...params, slots: params.slots ?? at?.slots, labels: [...(at?.labels ?? []), ...(params.labels ?? [])] };
  const taken = [...instances.values()].map(({ port }) => port);
  const names = new Set([...instances.values()].map(({ name }) => name));
  const made: Instance[] = [];
  for (let index = 0; index < wanted; index += 1) {
    // A host chooses when it starts it: it may not be there yet.
    const port = at ? (params.port ?? 0) : await portFor(parts, params.port, taken);
    taken.push(port);
    made.push(instanceOf(parts, { ...given, host }, port, nextName(names)));
  }
  return made;
}

async function portFor(parts: ServiceParts, asked: number | undefined, taken: readonly number[]): Promise<number> {
  const port = await parts.hosts.of(localHost).launcher.choosePort(taken, asked ?? 0);
  if (asked !== undefined && port !== asked) throw new OctoError("PORT_TAKEN", `port ${asked} of 127.0.0.1 is taken`);
  return port;
}

function nextName(names: Set<string>): string {
  let number = 1;
  while (names.has(`oc${number}`)) number += 1;
  names.add(`oc${number}`);
  return `oc${number}`;
}

/** A server for one task alone, which goes with it. INSTANCE_LIMIT, OPEN_FILES_LIMIT. */
export async function dedicatedInstance(parts: ServiceParts, taskId: TaskId): Promise<readonly Event[]> {
  const made = await newInstances(parts, { slots: 1 });
  return made.map((instance) => ({ kind: "instance-requested", instance: { ...instance, dedicatedTo: taskId } }));
}

function instanceOf(parts: ServiceParts, params: SpawnParams, port: number, name: string): Instance {
  return {
    id: newInstanceId(parts.randomBytes),
    name,
    host: params.host ?? localHost,
    labels: params.labels ?? [],
    slots: params.slots ?? parts.config.instances.slots,
    port,
    portFixed: params.port !== undefined,
    incarnation: 0,
    state: { kind: "queued" },
    directories: [],
    exitsAtMs: [],
    health: { aliveAtMs: parts.engine.now().ms, probing: false },
  };
}

/** Is there one that takes any task, or will be? */
export function hasInstance(parts: ServiceParts): boolean {
  const instances = [...parts.engine.state.instances.values()];
  return instances.some(({ state: { kind }, dedicatedTo }) => kind !== "stopped" && dedicatedTo === undefined);
}

/** What gets a first task somewhere to run: an instance where none exists, a start where all were stopped. */
export async function ensureInstance(parts: ServiceParts): Promise<readonly Event[]> {
  if (hasInstance(parts)) return [];
  const stopped = [...parts.engine.state.instances.values()].find(({ dedicatedTo }) => dedicatedTo === undefined);
  if (stopped) return [{ kind: "instance-start-requested", instanceId: stopped.id }];
  const made = await newInstances(parts, {});
  return made.map((instance) => ({ kind: "instance-requested", instance }));
}
