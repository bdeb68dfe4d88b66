import { showCost } from "../figures";
import { oneLine } from "../inert";
import { ends, type Line, type Look, span } from "../paint/line";
import type { BoardState } from "./state";

/** How everything is, in one line; a second one where something is wrong with the bridge. */
export function drawHead(state: BoardState): readonly Line[] {
  const { columns } = state.size;
  const first = ends([span("octo", "bold"), ...figures(state)], right(state), columns);
  const trouble = troubleOf(state);
  return trouble === undefined ? [first] : [first, [span(trouble, "alarm")]];
}

function figures({ world, items }: BoardState): Line {
  const tasks = [...world.tasks.values()].map(({ task }) => task);
  const count = (name: string): number => tasks.filter(({ state }) => state === name).length;
  const instances = [...world.instances.values()].filter(({ state }) => state !== "stopped");
  const ready = instances.filter(({ state }) => state === "ready" || state === "draining").length;
  const parts: readonly (readonly [string, Look])[] = [
    [`⬢ ${ready}/${instances.length}`, ready === instances.length ? "green" : "yellow"],
    [`▶ ${count("running")}`, count("running") > 0 ? "green" : "dim"],
    [`⏳ ${count("queued")}`, "dim"],
    [`⚠ ${world.asks.length}`, world.asks.length > 0 ? "alarm" : "dim"],
    [`${showCost(world.costToday)} today`, "dim"],
    ...(items.tasks.length < items.tasksAll ? [[`${items.tasks.length} of ${items.tasksAll} tasks`, "cyan"] as const] : []),
  ];
  return parts.flatMap(([text, look]) => [span("  "), span(text, look)]);
}

function right({ query, filter, world }: BoardState): Line {
  const search = query === "" ? [] : [span(`/${oneLine(query)}  `, "cyan")];
  const shown = filter === "all" ? [] : [span(`${filter}  `, "cyan")];
  return [...search, ...shown, span(world.bridge ? oneLine(world.bridge.version) : "", "dim")];
}

function troubleOf({ link, world, nowMs }: BoardState): string | undefined {
  if (link.kind === "away") {
    const seconds = Math.max(0, Math.round((nowMs - link.sinceMs) / 1_000));
    return `the bridge is away for ${seconds} s: waiting for it. ${oneLine(link.reason)}`.trim();
  }
  if (world.bridge?.storeError !== undefined) return `the bridge cannot store anything new: ${oneLine(world.bridge.storeError)}`;
  return world.pause === undefined ? undefined : `nothing is placed: ${oneLine(world.pause)}`;
}
