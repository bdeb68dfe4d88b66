import { readdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { sendSignal } from "../../bridge/send-signal";
import { environmentOf } from "./process-watch";

/** What this process started and would leave behind if it ended now. */
export interface Dependent {
  /** `name=value` in the environment of each of its processes. */
  readonly mark: string;
  readonly folder?: string;
}

const dependents = new Set<Dependent>();
const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;
/** A process may start another between two looks. */
const looksMax = 10;

/**
 * Ends the dependent's processes and removes its folder if this process ends before the result is called: after a test that timed out, an
 * error that nobody caught (EPIPE), a signal that can be caught. Linux alone.
 */
export function endWithUs(dependent: Dependent): () => void {
  if (dependents.size === 0) listen("on");
  dependents.add(dependent);
  return () => {
    dependents.delete(dependent);
    if (dependents.size === 0) listen("off");
  };
}

function listen(how: "on" | "off"): void {
  process[how]("exit", endAll);
  for (const signal of signals) process[how](signal, exit);
}

/** Runs what listens for the end, which a signal does not by itself. */
function exit(signal: (typeof signals)[number]): void {
  process.exit(128 + constants.signals[signal]);
}

function endAll(): void {
  for (const { mark, folder } of dependents) {
    for (let look = 0; look < looksMax && killMarked(mark); look += 1);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** True when there was one. */
function killMarked(mark: string): boolean {
  const pids = pidsNow().filter((pid) => pid !== process.pid && environmentOf(pid).split("\n").includes(mark));
  for (const pid of pids) sendSignal({ pid }, "SIGKILL");
  return pids.length > 0;
}

function pidsNow(): readonly number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
