import type { Ask, AskAnswer } from "../../shared/ask";
import type { AskDecider } from "../../shared/audit";
import type { AskId, TaskId } from "../../shared/ids";

/** An answer that was chosen, and is on its way until OpenCode has taken it. */
export interface AskDecision {
  readonly answer: AskAnswer;
  readonly by: AskDecider;
  /** How often it could not be delivered. */
  readonly failures: number;
  /** When it is sent again; absent while it is under way. */
  readonly dueAtMs?: number | undefined;
}

/** An ask as the core keeps it, and the store too: it outlives the bridge. */
export interface OpenAsk extends Ask {
  /** The task in whose session it was asked; absent for sessions of a person's own. */
  readonly taskId?: TaskId | undefined;
  /** On the engine clock: its time limit counts from here. */
  readonly openedAtMs: number;
  readonly decision?: AskDecision | undefined;
}

export type OpenAsks = ReadonlyMap<AskId, OpenAsk>;

/** No answer is on its way: a person may give one, also in place of one that does not get through. */
export function takesAnswer({ decision }: OpenAsk): boolean {
  return decision === undefined || (decision.failures > 0 && decision.dueAtMs !== undefined);
}

/** Nobody has answered it yet, or the answer does not get through. */
export function waitsForPerson({ decision }: OpenAsk): boolean {
  return decision === undefined || decision.failures > 0;
}
