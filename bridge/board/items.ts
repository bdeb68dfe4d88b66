import type { AskView } from "../../shared/ask";
import type { AskId, HostId, InstanceId, TaskId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import type { TaskStateName, TaskView } from "../../shared/task";
import { fuzzyScore } from "./fuzzy";
import { hasEnded, type World } from "./world";

/** What the cursor can be on. */
export type ItemRef =
  | { readonly kind: "ask"; readonly id: AskId }
  | { readonly kind: "instance"; readonly id: InstanceId }
  | { readonly kind: "task"; readonly id: TaskId };

export const taskFilters = ["all", "open", "running", "waiting", "queued", "ended", "failed"] as const;
/** Which tasks are listed. */
export type TaskFilter = (typeof taskFilters)[number];

/** What is listed, in the order of the screen. */
export interface Items {
  readonly asks: readonly AskView[];
  /** `local` first; a host without an instance is listed too. */
  readonly hosts: readonly { readonly name: HostId; readonly instances: readonly InstanceView[] }[];
  readonly tasks: readonly TaskView[];
  /** Before the filter and the search. */
  readonly tasksAll: number;
}

const fits: Readonly<Record<TaskFilter, (task: TaskView) => boolean>> = {
  all: () => true,
  open: (task) => !hasEnded(task),
  running: ({ state }) => state === "running",
  waiting: ({ state }) => state === "waiting",
  queued: ({ state }) => state === "queued",
  ended: hasEnded,
  failed: ({ state }) => state === "failed",
};

const ranks: Readonly<Record<TaskStateName, number>> = { waiting: 0, running: 1, queued: 2, succeeded: 3, failed: 3, cancelled: 3 };
const byName = new Intl.Collator("en", { numeric: true });
/** More of a prompt is not searched. */
const searchedCharsMax = 2_000;

export function itemsOf(world: World, filter: TaskFilter, query: string): Items {
  const all = [...world.tasks.values()].map(({ task }) => task);
  const nameOf = (id: InstanceId | undefined): string => (id === undefined ? "" : nameOfInstance(world, id));
  const tasks = searched(all.filter(fits[filter]).sort(inOrder), query, (task) => {
    const { id, title, prompt, state, directory, branch, instanceId } = task;
    return [title, id, state, nameOf(instanceId), hostOf(world, instanceId), branch?.branch, directory, prompt.slice(0, searchedCharsMax)];
  });
  const asks = searched(world.asks, query, ({ title, id, instanceId, taskId }) => {
    return [title, id, nameOf(instanceId), hostOf(world, instanceId), taskId && world.tasks.get(taskId)?.task.title];
  });
  const instances = searched([...world.instances.values()], query, ({ name, id, state, host, labels }) => [
    name,
    id,
    state,
    host,
    ...labels,
  ]);
  return { asks, hosts: byHost(world, instances, query === ""), tasks, tasksAll: all.length };
}

function hostOf({ instances }: World, id: InstanceId | undefined): HostId | undefined {
  return id && instances.get(id)?.host;
}

export function nameOfInstance({ instances }: World, id: InstanceId): string {
  return instances.get(id)?.name ?? id;
}

/** The best first; in their own order where nothing is searched for. */
function searched<Item>(items: readonly Item[], query: string, textsOf: (item: Item) => readonly (string | undefined)[]): readonly Item[] {
  if (query.trim() === "") return items;
  return items
    .map((item) => ({ item, score: fuzzyScore(query, ...textsOf(item).flatMap((text) => text ?? [])) }))
    .flatMap(({ item, score }) => (score === undefined ? [] : [{ item, score }]))
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

function byHost(world: World, instances: readonly InstanceView[], withEmpty: boolean): Items["hosts"] {
  const groups = new Map<HostId, InstanceView[]>();
  if (withEmpty) for (const { name } of world.hosts) groups.set(name, []);
  for (const instance of instances) groups.set(instance.host, [...(groups.get(instance.host) ?? []), instance]);
  return [...groups]
    .map(([name, own]) => ({ name, instances: own.sort((a, b) => byName.compare(a.name, b.name)) }))
    .sort((a, b) => Number(b.name === "local") - Number(a.name === "local") || byName.compare(a.name, b.name));
}

/** What needs somebody first; queued ones as they will run, ended ones the latest first. */
function inOrder(a: TaskView, b: TaskView): number {
  const rank = ranks[a.state];
  if (rank !== ranks[b.state]) return rank - ranks[b.state];
  return within(a, b, rank) || (a.id < b.id ? -1 : 1);
}

function within(a: TaskView, b: TaskView, rank: number): number {
  if (rank === ranks.queued) return b.priority - a.priority || a.submittedAtEpochMs - b.submittedAtEpochMs;
  if (rank === ranks.succeeded) return (b.endedAtEpochMs ?? 0) - (a.endedAtEpochMs ?? 0);
  return a.submittedAtEpochMs - b.submittedAtEpochMs;
}
