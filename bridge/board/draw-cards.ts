import type { HostView } from "../../shared/host";
import type { InstanceId } from "../../shared/ids";
import type { InstanceView } from "../../shared/instance";
import { showBytes } from "../figures";
import { oneLine } from "../inert";
import { clip, ends, type Line, type Look, lineWidth, span } from "../paint/line";
import { instanceLook } from "../panes/looks";
import { cardsAcross } from "./layout";
import { type BoardState, isSame, selectedItem } from "./state";
import { showRoughAge } from "./times";

/** Every instance as a card of two lines, below a line for its host; and the line with the cursor. */
export function drawCards(state: BoardState, columns: number): { readonly lines: readonly Line[]; readonly at: number } {
  const across = cardsAcross(columns);
  const width = Math.floor(columns / across);
  const selected = selectedItem(state);
  const loads = loadsOf(state);
  const lines: Line[] = [];
  let at = 0;
  for (const { name, instances } of state.items.hosts) {
    lines.push(hostRule(name, state, columns));
    for (let first = 0; first < instances.length; first += across) {
      const row = instances.slice(first, first + across);
      const cards = row.map((instance) =>
        drawCard(instance, loads.get(instance.id) ?? idle, state, width - 1, isSame(selected, { kind: "instance", id: instance.id })),
      );
      if (row.some(({ id }) => id === selected?.id)) at = lines.length;
      for (const index of [0, 1]) lines.push(cards.flatMap((card) => [...padded(card[index] ?? [], width - 1), span(" ")]));
    }
  }
  return { lines, at };
}

interface Load {
  readonly running: number;
  readonly waiting: number;
}

const idle: Load = { running: 0, waiting: 0 };

/** By its tasks: an instance is told of when it changes itself. */
function loadsOf({ world }: BoardState): ReadonlyMap<InstanceId, Load> {
  const loads = new Map<InstanceId, Load>();
  for (const { task } of world.tasks.values()) {
    const { instanceId, state } = task;
    if (instanceId === undefined || (state !== "running" && state !== "waiting")) continue;
    const { running, waiting } = loads.get(instanceId) ?? idle;
    loads.set(instanceId, state === "running" ? { running: running + 1, waiting } : { running, waiting: waiting + 1 });
  }
  return loads;
}

function drawCard(
  instance: InstanceView,
  { running, waiting }: Load,
  { nowEpochMs }: BoardState,
  width: number,
  isSelected: boolean,
): readonly [Line, Line] {
  const { name, state, slots, version, rssBytes, startedAtEpochMs, labels, error } = instance;
  const look = instanceLook(state);
  const left = [
    span(isSelected ? "› " : "  ", "cyan"),
    span("⬢ ", look),
    span(oneLine(name), isSelected ? "chosen" : "bold"),
    span(` ${state}`, look),
  ];
  const used: Line = [span(`${running}/${slots}`, running > 0 ? "green" : "dim"), ...(waiting > 0 ? [span(` ⚠${waiting}`, "alarm")] : [])];
  const figures = [
    version === undefined ? "" : oneLine(version),
    rssBytes === undefined ? "" : showBytes(rssBytes),
    startedAtEpochMs === undefined ? "" : showRoughAge(nowEpochMs - startedAtEpochMs),
    oneLine(labels.join(" ")),
  ].filter((figure) => figure !== "");
  const second = error ? span(`    ${error.code}: ${oneLine(error.message)}`, "red") : span(`    ${figures.join("  ")}`, "dim");
  return [ends(left, used, width), clip([second], width)];
}

function hostRule(name: string, { world, nowMs }: BoardState, columns: number): Line {
  const host = world.hosts.find((each) => each.name === name);
  const figures = host ? hostFigures(host, nowMs - world.hostsAtMs) : [];
  const title: Line = [
    span("── ", "dim"),
    span(oneLine(name), "bold"),
    ...figures.map(([text, look]) => span(`  ${text}`, look)),
    span(" ", "dim"),
  ];
  const rest = Math.max(0, columns - lineWidth(title));
  return clip([...title, span("─".repeat(rest), "dim")], columns);
}

/** Each with its age: a host that cannot be reached shows old ones. */
function hostFigures({ link, linkAgeMs, error, figures }: HostView, sinceToldMs: number): readonly (readonly [string, Look])[] {
  const state: readonly [string, Look] = [
    link === "connected" ? "connected" : `${link} for ${rough(linkAgeMs + sinceToldMs)}`,
    link === "connected" ? "green" : link === "unreachable" ? "red" : "yellow",
  ];
  const why: readonly (readonly [string, Look])[] = error ? [[oneLine(error.message), "red"]] : [];
  if (!figures) return [state, ...why];
  const text = [
    `load ${figures.load.toFixed(1)} of ${figures.cores}`,
    `${showBytes(figures.memoryFreeBytes)} free`,
    `${Math.round(figures.roundTripMs)} ms`,
    `${rough(figures.ageMs + sinceToldMs)} ago`,
  ];
  return [state, ...why, [text.join("  "), "dim"]];
}

function rough(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 10_000) * 10} s` : showRoughAge(ms);
}

function padded(line: Line, width: number): Line {
  return [...line, span(" ".repeat(Math.max(0, width - lineWidth(line))))];
}
