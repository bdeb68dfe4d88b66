import type { AttemptPhase } from "./task";

/** Phases in which the server may hold a turn of the attempt. */
export function isTurnPhase(phase: AttemptPhase): boolean {
  switch (phase.kind) {
    case "sending":
    case "accepted":
    case "doubtful":
    case "started":
    case "waiting":
    case "aborting":
      return true;
    case "preparing":
    case "opening":
    case "collecting":
      return false;
  }
}
