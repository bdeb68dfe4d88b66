import type { TurnMessage } from "../../../bridge/adapters/opencode/turn-message";
import { noUsage } from "../../../shared/usage";

const nothing = { summary: false, synthetic: false, toolFailed: false, runningTools: [], subagents: [], text: "", usage: noUsage };

/** A user message of the given second. */
export function prompt(id: string, second: number, change: Partial<TurnMessage> = {}): TurnMessage {
  return { ...nothing, id, role: "user", createdAtEpochMs: second * 1_000, ...change };
}

/** A completed answer that lasts half a second. */
export function answer(id: string, second: number, change: Partial<TurnMessage> = {}): TurnMessage {
  const completedAtEpochMs = second * 1_000 + 500;
  return { ...nothing, id, role: "assistant", createdAtEpochMs: second * 1_000, completedAtEpochMs, finish: "stop", ...change };
}
