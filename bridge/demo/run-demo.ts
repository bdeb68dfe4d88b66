import type { TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { TaskView } from "../../shared/task";
import type { Client } from "../cli/client";
import { follow, hasEnded } from "../cli/follow";
import { faultOf, repositoryFault } from "./demo-check";
import { promptOf, type Topic, topics } from "./demo-tasks";
import type { DemoWorld } from "./demo-world";

export interface DemoPlan {
  readonly tasks: number;
  readonly instances: number;
  /** Kill one server with SIGKILL half way. */
  readonly kill: boolean;
}

export interface DemoHandlers {
  /** Some task or instance changed. */
  readonly onChange: (tasks: readonly TaskView[]) => void;
  readonly onKill: (instance: InstanceView, running: number) => void;
}

export interface DemoRow {
  readonly topic: Topic;
  readonly task: TaskView;
  /** What is wrong with its work; undefined when all is well. */
  readonly fault: string | undefined;
}

export interface DemoResult {
  readonly rows: readonly DemoRow[];
  readonly instances: readonly InstanceView[];
  /** Turns that the model was asked for, all tasks together. */
  readonly turns: number;
  readonly faults: readonly string[];
}

/** The main job, for real: prompts in, OpenCode servers at work, branches out. Undefined when the signal stopped it. */
export async function runDemo(
  parts: { readonly client: Client; readonly world: DemoWorld; readonly plan: DemoPlan; readonly signal: AbortSignal },
  handlers: DemoHandlers,
): Promise<DemoResult | undefined> {
  const { client, world, plan, signal } = parts;
  const chosen = topics.slice(0, plan.tasks);
  await client.call("spawn_opencode_server", { count: plan.instances });
  const views = new Map<TaskId, TaskView>();
  const ids: TaskId[] = [];
  for (const [index, topic] of chosen.entries()) {
    const { task } = await client.call("distribute_task", { prompt: promptOf(topic, index), directory: world.repository });
    views.set(task.id, task);
    ids.push(task.id);
  }
  handlers.onChange([...views.values()]);
  const killer = plan.kill ? createKiller(client, handlers.onKill) : undefined;
  const ended = await follow({
    client,
    taskIds: ids,
    output: false,
    signal,
    onTask: (task) => {
      views.set(task.id, task);
      handlers.onChange([...views.values()]);
      killer?.look([...views.values()]);
    },
    onAsks: () => undefined,
    onOutput: () => undefined,
    onReconnect: () => undefined,
  });
  await killer?.done();
  if (!ended) return undefined;
  const { instances } = await client.call("list_opencode_servers", {});
  return closing({ world, chosen, ended, instances, killed: plan.kill });
}

/** Kills, once, the server of a working task as soon as a third of the tasks have ended: half of the way in time. */
function createKiller(client: Client, onKill: DemoHandlers["onKill"]): { look(tasks: readonly TaskView[]): void; done(): Promise<void> } {
  let killing: Promise<void> | undefined;
  return {
    look(tasks) {
      if (killing || tasks.filter(hasEnded).length * 3 < tasks.length) return;
      const victim = tasks.find(({ state, detail, instanceId }) => state === "running" && detail === "works" && instanceId !== undefined);
      if (victim?.instanceId === undefined) return;
      const { instanceId } = victim;
      killing = client.call("list_opencode_servers", {}).then(({ instances }) => {
        const instance = instances.find(({ id }) => id === instanceId);
        if (instance?.pid === undefined) return;
        process.kill(instance.pid, "SIGKILL");
        onKill(instance, tasks.filter((task) => task.state === "running" && task.instanceId === instanceId).length);
      });
    },
    done: () => killing ?? Promise.resolve(),
  };
}

async function closing(parts: {
  readonly world: DemoWorld;
  readonly chosen: readonly Topic[];
  readonly ended: readonly TaskView[];
  readonly instances: readonly InstanceView[];
  readonly killed: boolean;
}): Promise<DemoResult> {
  const { world, chosen, ended, instances, killed } = parts;
  const rows: DemoRow[] = [];
  for (const [index, topic] of chosen.entries()) {
    const task = ended[index];
    if (task) rows.push({ topic, task, fault: await faultOf(world, topic, task) });
  }
  const moved = ended.some(({ attempts }) => new Set(attempts.map(({ instanceId }) => instanceId)).size > 1);
  const repository = await repositoryFault(world);
  const faults = [
    ...rows.flatMap(({ topic, fault }) => (fault === undefined ? [] : [`${topic}: ${fault}`])),
    ...(repository === undefined ? [] : [repository]),
    ...(killed && !moved ? ["no task moved to another instance"] : []),
  ];
  const turns = [...world.standIn.turns().values()].reduce((sum, count) => sum + count, 0);
  return { rows, instances, turns, faults };
}
