import { type JsonObject, numberOf, textOf } from "./json";

/** What can go wrong on purpose. `times` counts down; a switch stays on until `mended`. */
export type Fault =
  /** The prompt is stored and played, its answer never leaves: the socket is destroyed. */
  | { readonly kind: "prompt-answer-lost"; readonly times?: number }
  /** 204, and no turn; the message is there or not. */
  | { readonly kind: "prompt-ignored"; readonly stored: boolean; readonly times?: number }
  /** The message is stored, and its session says busy, only this long after the 204 (2 s and 0.2 s more seen in a new directory). */
  | { readonly kind: "start-delayed"; readonly storedAfterMs: number; readonly busyAfterMs: number; readonly times?: number }
  | { readonly kind: "health-delayed"; readonly delayMs: number }
  /** Health never answers; heartbeats go on. */
  | { readonly kind: "health-silent" }
  | { readonly kind: "heartbeats-stopped" }
  /** Every open event stream is destroyed now. */
  | { readonly kind: "streams-cut" }
  | { readonly kind: "events-dropped"; readonly count: number }
  | { readonly kind: "events-doubled"; readonly count: number }
  | { readonly kind: "events-delayed"; readonly count: number; readonly delayMs: number }
  /** The next `count` events are held, then sent backwards. */
  | { readonly kind: "events-reversed"; readonly count: number }
  /** Requests whose path ends with `path` are answered wrongly. */
  | { readonly kind: "route-broken"; readonly path: string; readonly answer: RouteBreak; readonly times?: number }
  /** Every answer waits first. */
  | { readonly kind: "answers-delayed"; readonly delayMs: number }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "mended" };

export const routeBreaks = ["500", "html", "hang", "garbage"] as const;
export type RouteBreak = (typeof routeBreaks)[number];

/** The faults switched on now. */
export interface FaultBoard {
  switchOn(fault: Fault): void;
  /** The first fault of a kind that is on; one of its `times` is used up. */
  take<Kind extends Fault["kind"]>(
    kind: Kind,
    matches?: (fault: Extract<Fault, { kind: Kind }>) => boolean,
  ): Extract<Fault, { kind: Kind }> | undefined;
  clear(): void;
}

export function createFaultBoard(): FaultBoard {
  let entries: { readonly fault: Fault; left: number }[] = [];
  return {
    switchOn: (fault) => entries.push({ fault, left: timesOf(fault) }),
    take(kind, matches = () => true) {
      for (const entry of entries) {
        if (!isKind(entry.fault, kind) || !matches(entry.fault)) continue;
        entry.left -= 1;
        if (entry.left <= 0) entries = entries.filter((other) => other !== entry);
        return entry.fault;
      }
      return undefined;
    },
    clear() {
      entries = [];
    },
  };
}

function timesOf(fault: Fault): number {
  if ("count" in fault) return fault.count;
  return "times" in fault && fault.times !== undefined ? fault.times : Number.POSITIVE_INFINITY;
}

function isKind<Kind extends Fault["kind"]>(fault: Fault, kind: Kind): fault is Extract<Fault, { kind: Kind }> {
  return fault.kind === kind;
}

export function faultsOf(values: readonly JsonObject[]): readonly Fault[] {
  return values.flatMap((value) => faultOf(value) ?? []);
}

/** The fault that a JSON object names; undefined when there is none of that kind. */
export function faultOf(value: JsonObject): Fault | undefined {
  const kind = textOf(value, "kind");
  const count = numberOf(value, "count") ?? 1;
  const delayMs = numberOf(value, "delayMs") ?? 0;
  const given = numberOf(value, "times");
  const times = given === undefined ? {} : { times: given };
  switch (kind) {
    case "prompt-answer-lost":
      return { kind, ...times };
    case "prompt-ignored":
      return { kind, stored: value.stored === true, ...times };
    case "start-delayed":
      return { kind, storedAfterMs: numberOf(value, "storedAfterMs") ?? 0, busyAfterMs: numberOf(value, "busyAfterMs") ?? 0, ...times };
    case "health-delayed":
    case "answers-delayed":
      return { kind, delayMs };
    case "events-dropped":
    case "events-doubled":
    case "events-reversed":
      return { kind, count };
    case "events-delayed":
      return { kind, count, delayMs };
    case "route-broken": {
      const answer = routeBreaks.find((name) => name === value.answer) ?? "500";
      return { kind, path: textOf(value, "path") ?? "", answer, ...times };
    }
    case "exit":
      return { kind, code: numberOf(value, "code") ?? 1 };
    case "health-silent":
    case "heartbeats-stopped":
    case "streams-cut":
    case "mended":
      return { kind };
    default:
      return undefined;
  }
}
