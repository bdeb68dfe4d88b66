import type { AddHostParams } from "../../../shared/host";
import type { HostId } from "../../../shared/ids";
import type { Instance } from "../../core/instance";
import { localHost } from "../../ids";
import { OctoError } from "../../octo-error";
import type { HostRecord } from "../../ports/host-book";
import type { BridgeCalls } from "../service";
import type { ServiceParts } from "../service-parts";
import { instanceView } from "../views";
import { refuseInUse } from "./host-in-use";
import { newInstances } from "./spawn";

type HostCalls = Pick<BridgeCalls, "add_host" | "list_hosts" | "check_host" | "remove_host" | "create_wezterm_domain">;

const removeTimeoutMs = 60_000;
const modelsTimeoutMs = 20_000;

export function hostCalls(parts: ServiceParts): HostCalls {
  const { engine, hosts } = parts;
  return {
    async add_host(params) {
      const host = await hosts.add(recordOf(params), engine.now().ms);
      const made = await newInstances(parts, { host: params.name });
      await engine.command({ events: made.map((instance) => ({ kind: "instance-requested", instance })) });
      return { host, instances: made.map((instance) => instanceView(instance, undefined, engine.state.hosts)) };
    },

    list_hosts: async () => ({ hosts: hosts.views() }),

    check_host: async ({ name }) => ({ checks: await hosts.check(name, await modelsAtHome(parts)) }),

    async remove_host({ name, forget = false }) {
      hosts.record(name);
      if (!forget) refuseInUse(engine.state, name);
      const removed = instancesOf(parts, name);
      if (!forget) await endInstances(parts, name);
      await hosts.forget(name);
      for (const { id, incarnation } of removed) parts.links.close(id, incarnation);
      return { removedInstances: removed.map(({ id }) => id) };
    },

    async create_wezterm_domain({ name, address, username }) {
      if (hosts.has(name)) return { host: await hosts.setDomain(name, "ssh") };
      const record = recordOf({ name, address, user: username, domain: "ssh" });
      return { host: await hosts.add(record, engine.now().ms) };
    },
  };
}

function recordOf(params: AddHostParams): HostRecord {
  const { name, address, user, port, labels = [], slots, paths = {}, domain = "none", onPartition = "wait" } = params;
  return { id: name, address, user, port, labels, slots, paths, domain, onPartition };
}

function instancesOf({ engine }: ServiceParts, host: HostId): readonly Instance[] {
  return [...engine.state.instances.values()].filter((instance) => instance.host === host);
}

/** Ends its servers; HOST_UNREACHABLE when that cannot be done now. */
async function endInstances(parts: ServiceParts, host: HostId): Promise<void> {
  const { engine, clock, publisher } = parts;
  const events = instancesOf(parts, host).map(
    ({ id }) => ({ kind: "instance-stop-requested", instanceId: id, next: "remove", drain: false }) as const,
  );
  await engine.command({ events });
  const endAtMs = clock.monotonicMs() + removeTimeoutMs;
  while (instancesOf(parts, host).length > 0) {
    if (clock.monotonicMs() > endAtMs)
      throw new OctoError("HOST_UNREACHABLE", `the servers on ${host} could not be ended; they are when it can be reached again`);
    await new Promise<void>((resolve) => {
      const stopWaiting = publisher.onRevisionAfter(publisher.revision, done);
      const cancel = clock.after(1_000, done);
      function done(): void {
        stopWaiting();
        cancel();
        resolve();
      }
    });
  }
}

/** What a living server of this machine offers; undefined when there is none to ask. */
async function modelsAtHome({ engine, links, clock, homeFolder }: ServiceParts): Promise<readonly string[] | undefined> {
  const ready = [...engine.state.instances.values()].find(({ host, state }) => host === localHost && state.kind === "ready");
  const link = ready && links.get(ready.id);
  if (!link) return undefined;
  return new Promise((resolve) => {
    const cancel = clock.after(modelsTimeoutMs, () => resolve(undefined));
    link.client
      .models(homeFolder)
      .then(resolve, () => resolve(undefined))
      .finally(cancel);
  });
}
