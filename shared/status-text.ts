import type { Counts } from "./snapshot";

/** The parts of the status line, in the order in which they are shown. */
export const statusPartNames = ["health", "running", "queued", "waiting", "cost", "hosts"] as const;
export type StatusPartName = (typeof statusPartNames)[number];

/** How a part should strike the eye; each side has its own colours for them. */
export type Tone = "good" | "busy" | "calm" | "warn" | "bad";

export interface StatusPart {
  readonly text: string;
  readonly tone: Tone;
}

export type StatusSigns = Readonly<Record<StatusPartName, string>>;

export const unicodeSigns: StatusSigns = { health: "⬢", running: "▶", queued: "⏳", waiting: "⚠", cost: "$", hosts: "⇄" };
export const asciiSigns: StatusSigns = { health: "octo", running: "run", queued: "wait", waiting: "ask", cost: "$", hosts: "hosts" };

/** One part of the line; undefined where there is nothing worth saying (no task is queued, nothing was spent). */
export type ShowPart = (counts: Counts, signs: StatusSigns) => StatusPart | undefined;

export const showHealth: ShowPart = ({ instances, instancesReady }, signs) => ({
  text: `${signs.health} ${whole(instancesReady)}/${whole(instances)}`,
  tone: healthTone(instancesReady, instances),
});

export const showRunning: ShowPart = ({ running }, signs) => counted(signs.running, running, "busy");
export const showQueued: ShowPart = ({ queued }, signs) => counted(signs.queued, queued, "calm");
export const showWaiting: ShowPart = ({ waiting }, signs) => counted(signs.waiting, waiting, "warn");

/** Less than half a cent is nothing. */
export const showCost: ShowPart = ({ costToday }, signs) =>
  costToday < 0.005 ? undefined : { text: `${signs.cost}${costToday.toFixed(2)}`, tone: "calm" };

/** Only where there are SSH hosts at all. */
export const showHosts: ShowPart = ({ hosts, hostsReady }, signs) => {
  if (hosts === undefined || hostsReady === undefined || hosts === 0) return undefined;
  return { text: `${signs.hosts} ${whole(hostsReady)}/${whole(hosts)}`, tone: hostsReady === hosts ? "good" : "warn" };
};

function healthTone(ready: number, all: number): Tone {
  if (all === 0) return "calm";
  if (ready === all) return "good";
  return ready === 0 ? "bad" : "warn";
}

function counted(sign: string, count: number, tone: Tone): StatusPart | undefined {
  return count > 0 ? { text: `${sign} ${whole(count)}`, tone } : undefined;
}

/** Lua would print a float as `3.0`. */
function whole(count: number): string {
  return `${Math.floor(count)}`;
}
