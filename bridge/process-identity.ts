import type { ProcessIdentity } from "./ports/processes";

/** Of one process and no other, for sets and maps. */
export function processKey({ pid, startTime, bootId }: ProcessIdentity): string {
  return `${bootId}:${pid}:${startTime}`;
}

export function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return processKey(one) === processKey(other);
}
