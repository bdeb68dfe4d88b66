import type { HostView } from "../../shared/host";
import type { StreamMessage } from "../../shared/stream";
import type { Size } from "../paint/frame";
import type { Input } from "../paint/input";
import type { Act } from "./act";
import { type ItemRef, type Items, itemsOf } from "./items";
import { press } from "./press";
import { type BoardState, currentAsk, type DetailPage, isSame, type Link, type Loaded, type Notice, refsOf } from "./state";
import { withMessages } from "./world";

export type BoardEvent =
  | { readonly kind: "messages"; readonly messages: readonly StreamMessage[] }
  | { readonly kind: "hosts"; readonly hosts: readonly HostView[] }
  | { readonly kind: "link"; readonly link: Link }
  /** `alone`: nothing else came with it; keys that answer count only then. */
  | { readonly kind: "input"; readonly input: Input; readonly alone: boolean }
  | { readonly kind: "resized"; readonly size: Size }
  | { readonly kind: "tick" }
  /** The screen is seen again after a pause: what is on it just appeared. */
  | { readonly kind: "shown" }
  | { readonly kind: "noticed"; readonly notice: Notice }
  | { readonly kind: "loaded"; readonly item: ItemRef; readonly page: DetailPage; readonly loaded: Loaded };

export interface Moment {
  readonly nowMs: number;
  readonly nowEpochMs: number;
}

export interface Stepped {
  readonly state: BoardState;
  readonly acts: readonly Act[];
}

/** What an event makes of the board, and what it asks for. */
export function step(before: BoardState, event: BoardEvent, now: Moment): Stepped {
  const { state, acts } = applied({ ...before, ...now }, event);
  return { state: withShownAsk(withItems(state, before)), acts };
}

function applied(state: BoardState, event: BoardEvent): Stepped {
  switch (event.kind) {
    case "messages":
      return only({ ...state, world: withMessages(state.world, event.messages, state.nowMs) });
    case "hosts":
      return only({ ...state, world: { ...state.world, hosts: event.hosts, hostsAtMs: state.nowMs } });
    case "link":
      return only({ ...state, link: event.link });
    case "input":
      return press({ ...state, notice: undefined }, event.input, event.alone);
    case "resized":
      return only({ ...state, size: event.size });
    case "tick":
      return only(state);
    case "shown":
      return only({ ...state, shownAsk: undefined });
    case "noticed":
      return only({ ...state, notice: event.notice });
    case "loaded": {
      const { view } = state;
      if (view.kind !== "details" || !isSame(view.item, event.item)) return only(state);
      return only({ ...state, view: { ...view, loaded: { ...view.loaded, [event.page]: event.loaded } } });
    }
  }
}

function only(state: BoardState): Stepped {
  return { state, acts: [] };
}

/** Lists anew only where what is listed may have changed. */
function withItems(state: BoardState, before: BoardState): BoardState {
  const { world, filter, query } = state;
  const isSameList =
    world.tasks === before.world.tasks &&
    world.instances === before.world.instances &&
    world.asks === before.world.asks &&
    world.hosts === before.world.hosts &&
    filter === before.filter &&
    query === before.query;
  const items = isSameList ? state.items : itemsOf(world, filter, query);
  return { ...state, items, cursor: cursorIn(items, state.cursor, before.items) };
}

/** Where the cursor is, or the nearest to where it was; at first the first task. */
function cursorIn(items: Items, cursor: ItemRef | undefined, before: Items): ItemRef | undefined {
  const refs = refsOf(items);
  if (cursor && refs.some((ref) => isSame(ref, cursor))) return cursor;
  if (!cursor) return refs.find(({ kind }) => kind === "task") ?? refs[0];
  const sameKind = refs.filter(({ kind }) => kind === cursor.kind);
  const was = refsOf(before)
    .filter(({ kind }) => kind === cursor.kind)
    .findIndex((ref) => isSame(ref, cursor));
  return sameKind[Math.min(Math.max(0, was), sameKind.length - 1)] ?? refs.find(({ kind }) => kind === "task") ?? refs[0];
}

function withShownAsk(state: BoardState): BoardState {
  const id = currentAsk(state)?.id;
  if (id === state.shownAsk?.id) return state;
  return { ...state, shownAsk: id === undefined ? undefined : { id, sinceMs: state.nowMs }, answering: undefined };
}
