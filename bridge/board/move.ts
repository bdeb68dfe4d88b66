import type { ItemRef } from "./items";
import { cardsAcross } from "./layout";
import { type BoardState, isSame } from "./state";

export type Move = "up" | "down" | "left" | "right" | "page-up" | "page-down" | "first" | "last" | "next-section" | "next-ask";

/** The cursor after a key, in the list. */
export function moved(state: BoardState, move: Move): BoardState {
  const rows = gridOf(state);
  const y = Math.max(
    0,
    rows.findIndex((row) => row.some((ref) => isSame(ref, state.cursor))),
  );
  const x = Math.max(0, rows[y]?.findIndex((ref) => isSame(ref, state.cursor)) ?? 0);
  const cursor = target(state, rows, { x, y }, move);
  return cursor ? { ...state, cursor } : state;
}

type Grid = readonly (readonly ItemRef[])[];

function target(state: BoardState, rows: Grid, { x, y }: { readonly x: number; readonly y: number }, move: Move): ItemRef | undefined {
  const at = (row: number, column = x): ItemRef | undefined => {
    const found = rows[Math.min(Math.max(0, row), rows.length - 1)];
    return found?.[Math.min(column, found.length - 1)];
  };
  const page = Math.max(1, Math.floor(state.size.rows / 2));
  switch (move) {
    case "up":
      return at(y - 1);
    case "down":
      return at(y + 1);
    case "left":
      return x > 0 ? at(y, x - 1) : undefined;
    case "right":
      return at(y, x + 1);
    case "page-up":
      return at(y - page);
    case "page-down":
      return at(y + page);
    case "first":
      return at(0, 0);
    case "last":
      return at(rows.length - 1, 0);
    case "next-section":
      return nextSection(rows.flat(), at(y));
    case "next-ask":
      return nextAsk(state);
  }
}

/** As they are on the screen, row by row. */
function gridOf({ items: { asks, hosts, tasks }, size }: BoardState): Grid {
  const across = cardsAcross(size.columns);
  const cards = hosts.flatMap(({ instances }) => {
    const count = Math.ceil(instances.length / across);
    return Array.from({ length: count }, (_, row) =>
      instances.slice(row * across, (row + 1) * across).map(({ id }): ItemRef => ({ kind: "instance", id })),
    );
  });
  return [
    ...asks.map(({ id }): readonly ItemRef[] => [{ kind: "ask", id }]),
    ...cards,
    ...tasks.map(({ id }): readonly ItemRef[] => [{ kind: "task", id }]),
  ];
}

function nextSection(refs: readonly ItemRef[], current: ItemRef | undefined): ItemRef | undefined {
  const kinds = [...new Set(refs.map(({ kind }) => kind))];
  const next = kinds[((current ? kinds.indexOf(current.kind) : -1) + 1) % kinds.length];
  return refs.find(({ kind }) => kind === next);
}

function nextAsk({ items: { asks }, cursor }: BoardState): ItemRef | undefined {
  const at = asks.findIndex(({ id, taskId }) => id === cursor?.id || (taskId !== undefined && taskId === cursor?.id));
  const next = asks[(at + 1) % Math.max(1, asks.length)];
  return next && { kind: "ask", id: next.id };
}
