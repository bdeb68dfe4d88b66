import { instanceStates } from "../../shared/instance";
import type { CoreState } from "../core/state";
import type { Reading, Registry } from "./registry";

/** What the latest state of the engine holds; nothing before its first turn. `stateNameOf` is what clients are told of an instance. */
export function stateMetrics(registry: Registry, latest: () => CoreState | undefined, stateNameOf: StateName): void {
  const gauge = (name: string, help: string, labels: readonly string[], read: (state: CoreState) => readonly Reading[]): void => {
    registry.reading("gauge", name, help, labels, () => {
      const state = latest();
      return state ? read(state) : [];
    });
  };
  const one = (value: number): readonly Reading[] => [{ value }];

  gauge("octo_tasks_queued", "Tasks that wait for a place.", [], ({ tasks }) => one(tasks.queuedCount));
  gauge("octo_leases", "Attempts under way, by phase; each holds a slot unless it waits for a person.", ["phase"], ({ tasks }) =>
    counted(tasks.active().map(({ state }) => state.attempt.phase.kind)),
  );
  gauge("octo_slots", "Slots of ready instances.", [], ({ instances }) =>
    one(sum([...instances.values()].map(({ state, slots }) => (state.kind === "ready" ? slots : 0)))),
  );
  gauge("octo_asks", "Permissions and questions that wait for a person.", [], ({ asks }) => one(asks.size));
  gauge("octo_instances", "Instances, by state.", ["state"], (state) =>
    counted(
      [...state.instances.values()].map((instance) => stateNameOf(instance, state.hosts)),
      instanceStates,
    ),
  );
  gauge("octo_instance_resident_bytes", "Memory of each instance, as measured last.", ["instance"], ({ instances }) =>
    [...instances.values()].flatMap(({ name, health }) =>
      health.rssBytes === undefined ? [] : [{ labels: [name], value: health.rssBytes }],
    ),
  );
  gauge("octo_hosts", "Hosts reached over ssh, by the state of their link.", ["link"], ({ hosts }) =>
    counted(
      [...hosts.values()].map(({ link }) => link.kind),
      ["up", "down"],
    ),
  );
  registry.reading("counter", "octo_news_dropped_total", "News that came too late to mean anything.", [], () =>
    one(latest()?.dropped ?? 0),
  );
}

type InstanceOf<States> = States extends ReadonlyMap<unknown, infer Value> ? Value : never;
type StateName = (instance: InstanceOf<CoreState["instances"]>, hosts: CoreState["hosts"]) => string;

/** How often each name occurs; those of `all` also when they do not. */
function counted(names: readonly string[], all: readonly string[] = []): readonly Reading[] {
  const counts = new Map(all.map((name) => [name, 0]));
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, value]) => ({ labels: [name], value }));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
