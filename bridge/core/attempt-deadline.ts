import type { ActiveTask } from "./task";

/** The first instant at which time alone changes something about the attempt; undefined when only news can. */
export function attemptDeadlineMs({ spec, state: { attempt } }: ActiveTask): number | undefined {
  const { phase, ending } = attempt;
  if (attempt.heldSinceMs !== undefined) return undefined;
  const dueMs = "dueAtMs" in phase ? phase.dueAtMs : undefined;
  const isEnding = ending !== undefined || phase.kind === "aborting" || phase.kind === "collecting" || phase.kind === "waiting";
  const overtimeMs = isEnding ? undefined : attempt.runningSinceMs + Math.max(0, spec.runTimeMaxMs - attempt.ranMs);
  const first = Math.min(dueMs ?? never, overtimeMs ?? never);
  return first === never ? undefined : first;
}

const never = Number.POSITIVE_INFINITY;
