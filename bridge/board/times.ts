import { hasEnded, type SeenTask } from "./world";

/** Of all attempts, up to now. */
export function runMsOf({ task, seenAtMs }: SeenTask, nowMs: number): number {
  return task.state === "running" && !hasEnded(task) ? task.runMs + Math.max(0, nowMs - seenAtMs) : task.runMs;
}

/** 0:07, 12:40, 3:05:09: does not change its width every second. */
export function showClock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Time since an instant, in minutes at least: a screen at rest changes once a minute. */
export function showRoughAge(sinceEpochMs: number, nowEpochMs: number): string {
  const minutes = Math.floor(Math.max(0, nowEpochMs - sinceEpochMs) / 60_000);
  if (minutes < 1) return "<1m";
  if (minutes < 60) return `${minutes}m`;
  return minutes < 1_440 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1_440)}d`;
}
