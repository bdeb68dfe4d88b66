import type { InstanceId } from "../../shared/ids";
import type { Attempt } from "./task";

/** What the attempts of one instance take up. */
export interface Load {
  readonly running: number;
  /** For a person: they hold no slot. */
  readonly waiting: number;
  /** Slot indexes (pooled worktrees) in use, waiting attempts included. */
  readonly slots: ReadonlySet<number>;
}

export interface Loads {
  get(id: InstanceId): Load | undefined;
}

export const noLoad: Load = { running: 0, waiting: 0, slots: new Set() };

export function loadWith(load: Load, attempt: Attempt): Load {
  return { ...counted(load, attempt, 1), slots: new Set([...load.slots, attempt.slot]) };
}

export function loadWithout(load: Load, attempt: Attempt): Load {
  return { ...counted(load, attempt, -1), slots: new Set([...load.slots].filter((slot) => slot !== attempt.slot)) };
}

function counted(load: Load, attempt: Attempt, change: 1 | -1): Load {
  return isWaiting(attempt) ? { ...load, waiting: load.waiting + change } : { ...load, running: load.running + change };
}

function isWaiting({ phase }: Attempt): boolean {
  return phase.kind === "waiting";
}

/** The lowest index that no live attempt uses. */
export function freeSlot({ slots }: Load): number {
  let slot = 0;
  while (slots.has(slot)) slot += 1;
  return slot;
}
