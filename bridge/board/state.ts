import type { AskView } from "../../shared/ask";
import type { AskId, InstanceId, TaskId } from "../../shared/ids";
import type { TaskView } from "../../shared/task";
import type { Size } from "../paint/frame";
import type { Answering } from "../panes/answering";
import type { BoardCall } from "./act";
import type { Editor } from "./editor";
import { type ItemRef, type Items, itemsOf, type TaskFilter } from "./items";
import { emptyWorld, type World } from "./world";

/** How it is with the bridge. */
export type Link =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** Since when (monotonic), and what it said. */
  | { readonly kind: "away"; readonly sinceMs: number; readonly reason: string };

/** What a detail page shows. */
export const detailPages = ["about", "output", "transcript", "diff", "why", "log"] as const;
export type DetailPage = (typeof detailPages)[number];

export interface Loaded {
  readonly text: string;
  readonly isError: boolean;
}

export type View =
  | { readonly kind: "list" }
  | {
      readonly kind: "details";
      readonly item: ItemRef;
      readonly page: DetailPage;
      /** Lines above the screen; `end`: the last lines, whatever comes. */
      readonly top: number | "end";
      /** What was asked for, page by page; absent while it is under way. */
      readonly loaded: Partial<Readonly<Record<DetailPage, Loaded>>>;
    }
  | { readonly kind: "help"; readonly top: number };

/** What is being typed for. */
export type EntryPurpose =
  | { readonly kind: "find" }
  | {
      readonly kind: "prompt";
      readonly directory: string;
      readonly instance?: { readonly id: InstanceId; readonly name: string } | undefined;
    }
  | { readonly kind: "reply"; readonly taskId: TaskId }
  | { readonly kind: "deny"; readonly askId: AskId };

export type Dialog =
  | { readonly kind: "entry"; readonly purpose: EntryPurpose; readonly editor: Editor }
  | { readonly kind: "confirm"; readonly question: string; readonly call: BoardCall; readonly done: string };

export interface Notice {
  readonly text: string;
  readonly isError: boolean;
}

/** Everything that the board knows; changed by `step` alone. */
export interface BoardState {
  readonly world: World;
  readonly link: Link;
  readonly size: Size;
  /** Monotonic, and of the wall clock. */
  readonly nowMs: number;
  readonly nowEpochMs: number;
  /** Where it was started: prompts are for that folder. */
  readonly directory: string;
  readonly view: View;
  readonly cursor?: ItemRef | undefined;
  readonly filter: TaskFilter;
  readonly query: string;
  /** Of the world, the filter and the query. */
  readonly items: Items;
  readonly dialog?: Dialog | undefined;
  readonly answering?: Answering | undefined;
  /** The ask that keys answer now, and since when (monotonic): one that just appeared is not what the person answers. */
  readonly shownAsk?: { readonly id: AskId; readonly sinceMs: number } | undefined;
  /** A word about the last key or what came of it, shown until the next key. */
  readonly notice?: Notice | undefined;
}

export interface BoardStart {
  readonly size: Size;
  readonly directory: string;
  readonly nowMs: number;
  readonly nowEpochMs: number;
}

export function freshBoard(start: BoardStart): BoardState {
  const items = itemsOf(emptyWorld, "all", "");
  return { ...start, world: emptyWorld, link: { kind: "connecting" }, view: { kind: "list" }, filter: "all", query: "", items };
}

/** In the order of the screen. */
export function refsOf({ asks, hosts, tasks }: Items): readonly ItemRef[] {
  return [
    ...asks.map(({ id }): ItemRef => ({ kind: "ask", id })),
    ...hosts.flatMap(({ instances }) => instances.map(({ id }): ItemRef => ({ kind: "instance", id }))),
    ...tasks.map(({ id }): ItemRef => ({ kind: "task", id })),
  ];
}

export function isSame(a: ItemRef | undefined, b: ItemRef | undefined): boolean {
  return a?.kind === b?.kind && a?.id === b?.id;
}

/** What keys act upon: what the details are about, else what the cursor is on. */
export function selectedItem({ view, cursor }: BoardState): ItemRef | undefined {
  return view.kind === "details" ? view.item : cursor;
}

/** Undefined where the selected is no task, or is gone. */
export function selectedTask(state: BoardState): TaskView | undefined {
  const item = selectedItem(state);
  return item?.kind === "task" ? state.world.tasks.get(item.id)?.task : undefined;
}

/** The selected ask, or the oldest of the selected task. */
export function currentAsk(state: BoardState): AskView | undefined {
  const item = selectedItem(state);
  if (item?.kind === "ask") return state.world.asks.find(({ id }) => id === item.id);
  return item?.kind === "task" ? state.world.asks.find(({ taskId }) => taskId === item.id) : undefined;
}

/** The task whose output is shown as it comes. */
export function watchedTask(state: BoardState): TaskId | undefined {
  const item = selectedItem(state);
  if (item?.kind === "ask") return currentAsk(state)?.taskId;
  return item?.kind === "task" && state.world.tasks.has(item.id) ? item.id : undefined;
}
