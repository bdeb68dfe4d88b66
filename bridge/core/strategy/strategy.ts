import type { InstanceId } from "../../../shared/ids";
import type { Candidate } from "../eligibility";
import type { RandomState } from "../random";

export interface StrategyContext {
  readonly lastChosen?: InstanceId | undefined;
  readonly random: RandomState;
}

export interface Choice {
  readonly candidate: Candidate;
  /** Sentences for `octo why`. */
  readonly reasons: readonly string[];
  readonly random: RandomState;
}

/** Chooses among candidates that all may take the task; there is at least one. */
export type Strategy = (candidates: readonly Candidate[], context: StrategyContext) => Choice;

/** The candidate that no other beats; the first of equals. */
export function best(candidates: readonly Candidate[], beats: (a: Candidate, b: Candidate) => boolean): Candidate {
  const [first, ...others] = candidates;
  if (!first) throw new Error("a strategy was asked to choose among no candidates");
  return others.reduce((leader, other) => (beats(other, leader) ? other : leader), first);
}
