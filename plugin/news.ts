import * as wezterm from "wezterm";
import type { StatusSnapshot } from "../shared/snapshot";
import { attempt } from "./attempt";
import { activePane, guiWindows } from "./gui";

/** What changed between two snapshots, as the user's own Lua and the toasts get it. */
export type News =
  | { readonly kind: "task-finished"; readonly task_id: string; readonly title: string; readonly state: string }
  | {
      readonly kind: "ask";
      readonly ask_id: string;
      readonly task_id: string | undefined;
      readonly title: string;
      readonly ask_kind: string;
    }
  | { readonly kind: "instance-changed"; readonly instance_id: string; readonly name: string; readonly state: string }
  | {
      readonly kind: "notice";
      readonly notice_id: string;
      readonly on: string;
      readonly text: string;
      readonly instance_id: string | undefined;
    }
  | { readonly kind: "bridge-changed"; readonly state: "up" | "down" };

const queueMax = 64;
const queue: News[] = [];

/** The event that hands them out: in a coroutine of its own, so that a slow handler of the user's never holds up the link. */
export const deliverEvent = "octo-deliver";

/** Notes what is new. `before`: what was known last, of this bridge or another. Yields, shortly. */
export function takeNews(before: StatusSnapshot | undefined, now: StatusSnapshot | undefined, wasUp: boolean): void {
  if (now === undefined) note({ kind: "bridge-changed", state: "down" });
  else {
    if (!wasUp && !isSameBridge(before, now)) note({ kind: "bridge-changed", state: "up" });
    if (before !== undefined) for (const news of newsOf(before, now)) note(news);
  }
  deliverSoon();
}

export function nextNews(): News | undefined {
  return queue.shift();
}

function note(news: News): void {
  if (queue.length >= queueMax) queue.shift();
  queue.push(news);
}

function deliverSoon(): void {
  if (queue.length === 0) return;
  for (const window of guiWindows()) {
    const pane = activePane(window);
    if (pane === undefined) continue;
    if (attempt(() => window.perform_action(wezterm.action.EmitEvent(deliverEvent), pane)).ok) return;
  }
}

function isSameBridge(before: StatusSnapshot | undefined, now: StatusSnapshot): boolean {
  return before !== undefined && before.bridge.pid === now.bridge.pid && before.bridge.startedAtEpochMs === now.bridge.startedAtEpochMs;
}

function newsOf(before: StatusSnapshot, now: StatusSnapshot): readonly News[] {
  const found: News[] = [];
  const askIds = new Set(before.asks.map(({ id }) => id));
  for (const { id, taskId, title, kind } of now.asks) {
    if (!askIds.has(id)) found.push({ kind: "ask", ask_id: id, task_id: taskId, title, ask_kind: kind });
  }
  const ends = new Set(before.ends.map(({ taskId, state }) => `${taskId} ${state}`));
  for (const { taskId, title, state } of now.ends) {
    if (!ends.has(`${taskId} ${state}`)) found.push({ kind: "task-finished", task_id: taskId, title, state });
  }
  return [...found, ...instanceNews(before, now), ...noticesOf(before, now)];
}

function noticesOf(before: StatusSnapshot, now: StatusSnapshot): readonly News[] {
  const found: News[] = [];
  const known = new Set((before.notices ?? []).map(({ id }) => id));
  for (const { id, on, text, instanceId } of now.notices ?? []) {
    if (!known.has(id)) found.push({ kind: "notice", notice_id: id, on, text, instance_id: instanceId });
  }
  return found;
}

/** The snapshot names the instances that are not ready: one that is no longer named is ready, or gone. */
function instanceNews(before: StatusSnapshot, now: StatusSnapshot): readonly News[] {
  const found: News[] = [];
  const states = new Map(before.troubled.map(({ id, state }) => [id, state] as const));
  for (const { id, name, state } of now.troubled) {
    if (states.get(id) !== state) found.push({ kind: "instance-changed", instance_id: id, name, state });
    states.delete(id);
  }
  for (const { id, name } of before.troubled) {
    if (states.has(id)) found.push({ kind: "instance-changed", instance_id: id, name, state: "ready" });
  }
  return found;
}
