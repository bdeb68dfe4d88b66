import type { InstanceView } from "../../shared/instance";
import type { TaskView } from "../../shared/task";

const titleCharsMax = 32;

const instanceSigns: Readonly<Record<InstanceView["state"], string>> = {
  starting: "…",
  ready: "⬢",
  unready: "◌",
  unknown: "?",
  draining: "⬡",
  stopping: "⬡",
  sweeping: "✖",
  backoff: "✖",
  failed: "✖",
  stopped: "⬡",
};

const taskSigns: Readonly<Record<TaskView["state"], string>> = {
  queued: "⏳",
  running: "▶",
  waiting: "⚠",
  succeeded: "✔",
  failed: "✖",
  cancelled: "⊘",
};

/** `⬢ oc1 ▶2 ⚠1`: what an instance does, short enough for a tab. */
export function instanceTitle({ name, state, running, waiting }: Pick<InstanceView, "name" | "state" | "running" | "waiting">): string {
  const figures = [running > 0 ? ` ▶${running}` : "", waiting > 0 ? ` ⚠${waiting}` : ""].join("");
  return `${instanceSigns[state]} ${short(name)}${figures}`;
}

/** The title must be inert. */
export function taskTitle({ title, state }: Pick<TaskView, "title" | "state">): string {
  return `${taskSigns[state]} ${short(title)}`;
}

/** By code points: half a surrogate pair is no text. */
function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const points = [...line];
  return points.length <= titleCharsMax ? line : `${points.slice(0, titleCharsMax - 1).join("")}…`;
}
