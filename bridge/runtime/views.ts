import type { Ask, AskView } from "../../shared/ask";
import type { InstanceView } from "../../shared/instance";
import type { Counts } from "../../shared/snapshot";
import type { Instance } from "../core/instance";
import type { Load } from "../core/load";
import type { CoreState } from "../core/state";
import type { Task } from "../core/task";
import { inert } from "../inert";
import { stateName } from "./task-view";

/** An instance as clients see it, without its password. */
export function instanceView(instance: Instance, load: Load | undefined): InstanceView {
  const { state } = instance;
  return {
    id: instance.id,
    name: instance.name,
    host: instance.host,
    state: state.kind === "queued" ? "starting" : state.kind,
    incarnation: instance.incarnation,
    labels: instance.labels,
    port: instance.port,
    pid: instance.identity?.pid,
    version: instance.version,
    slots: instance.slots,
    running: load?.running ?? 0,
    waiting: load?.waiting ?? 0,
    rssBytes: instance.health.rssBytes,
    error: "error" in state ? { code: state.error.code, message: inert(state.error.message) } : undefined,
  };
}

const byName = new Intl.Collator("en", { numeric: true });

/** In the order of their names, whatever order they were loaded in. */
export function instanceViews(state: CoreState): readonly InstanceView[] {
  const instances = [...state.instances.values()].sort((a, b) => byName.compare(a.name, b.name));
  return instances.map((instance) => instanceView(instance, state.tasks.loads.get(instance.id)));
}

function askView(ask: Ask, state: CoreState): AskView {
  const task = taskOfAsk(ask, state);
  return { ...ask, taskId: task?.id, title: askTitle(ask) };
}

export function askViews(state: CoreState): readonly AskView[] {
  return [...state.asks.values()].sort((a, b) => a.askedAtEpochMs - b.askedAtEpochMs).map((ask) => askView(ask, state));
}

function taskOfAsk(ask: Ask, state: CoreState): Task | undefined {
  return state.tasks.active().find((task) => task.state.attempt.sessionId === ask.rootSessionId);
}

function askTitle({ content }: Ask): string {
  const title =
    content.kind === "permission"
      ? `${content.permission}: ${content.patterns.join(", ")}`
      : content.questions.map(({ question }) => question).join("; ");
  return inert(title).replace(/\s+/g, " ").slice(0, 200);
}

/** What the state says; ended tasks and cost are counted elsewhere. */
export function liveCounts(state: CoreState): Pick<Counts, "instances" | "instancesReady" | "queued" | "running" | "waiting"> {
  const instances = [...state.instances.values()];
  return {
    instances: instances.filter(({ state: { kind } }) => kind !== "stopped").length,
    instancesReady: instances.filter(({ state: { kind } }) => kind === "ready" || kind === "draining").length,
    queued: state.tasks.queuedCount,
    running: state.tasks.active().filter((task) => stateName(task) === "running").length,
    waiting: state.asks.size,
  };
}
