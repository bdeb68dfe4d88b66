import { showAge } from "../figures";
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

/** In minutes at least: a screen at rest changes once a minute. */
export function showRoughAge(ageMs: number): string {
  return ageMs < 60_000 ? "<1m" : showAge(ageMs);
}
