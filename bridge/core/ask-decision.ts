import type { AskAnswer } from "../../shared/ask";
import type { AskDecider } from "../../shared/audit";
import type { AskPolicy } from "./ask-policy";
import type { Draft } from "./draft";
import type { CommandEvent } from "./event";
import { isCutOff } from "./host";
import { type AskDecision, type OpenAsk, takesAnswer } from "./open-ask";
import type { CoreState } from "./state";

/** The answer is committed before it goes to OpenCode; the ask stays until OpenCode says it is closed, or no longer lists it. */
export function decideAsk(draft: Draft, ask: OpenAsk, answer: AskAnswer, by: AskDecider): void {
  const decided: OpenAsk = { ...ask, decision: { answer, by, failures: 0 } };
  draft.putAsk(decided);
  draft.ask({ kind: "answer-ask", ask: decided, answer });
}

export function onAnswerRequested(draft: Draft, event: Extract<CommandEvent, { kind: "ask-answer-requested" }>): void {
  const ask = draft.asks.get(event.askId);
  // The first answer counts.
  if (!ask || !takesAnswer(ask)) return draft.drop();
  decideAsk(draft, ask, event.answer, { kind: "person", surface: event.surface });
}

/** OpenCode still waits for an answer that was given: it is sent, unless it is on its way. */
export function deliverAgain(draft: Draft, ask: OpenAsk, decision: AskDecision): void {
  if (decision.dueAtMs === undefined) return;
  const sent: OpenAsk = { ...ask, decision: { ...decision, dueAtMs: undefined } };
  draft.putAsk(sent);
  draft.ask({ kind: "answer-ask", ask: sent, answer: decision.answer });
}

/** After a start of the bridge nobody knows what became of an answer that was under way. */
export function recoverAnswers(draft: Draft): void {
  for (const ask of draft.asks.values()) {
    if (!ask.decision) continue;
    const dueAtMs = draft.now.ms + draft.policy.verifyAfterMs;
    draft.putAsk({ ...ask, decision: { ...ask.decision, dueAtMs } });
  }
}

export function asksDue(draft: Draft): void {
  for (const ask of draft.asks.values()) {
    const dueAtMs = askDueMs(ask, draft);
    if (dueAtMs === undefined || dueAtMs > draft.now.ms) continue;
    if (ask.decision) deliverAgain(draft, ask, ask.decision);
    else decideAsk(draft, ask, { kind: "deny", message: messageOf(draft.policy.asks) }, { kind: "time-limit" });
  }
}

/** When a tick has something to do about an ask next. */
export function nextAskDeadlineMs(state: CoreState): number | undefined {
  let next: number | undefined;
  for (const ask of state.asks.values()) {
    const dueAtMs = askDueMs(ask, state);
    if (dueAtMs !== undefined && (next === undefined || dueAtMs < next)) next = dueAtMs;
  }
  return next;
}

/** When its time is up; undefined when it has no limit. */
export function askLimitMs({ taskId, decision, openedAtMs }: OpenAsk, { timeLimitMs, afterTimeLimit }: AskPolicy): number | undefined {
  const isLimited = timeLimitMs > 0 && afterTimeLimit === "deny" && taskId !== undefined && decision === undefined;
  return isLimited ? openedAtMs + timeLimitMs : undefined;
}

/** Nothing is due where nobody can be told. */
function askDueMs(ask: OpenAsk, { instances, hosts, policy }: Pick<CoreState, "instances" | "hosts" | "policy">): number | undefined {
  const instance = instances.get(ask.instanceId);
  if (!instance || isCutOff(instance, hosts)) return undefined;
  return ask.decision ? ask.decision.dueAtMs : askLimitMs(ask, policy.asks);
}

function messageOf({ timeLimitMs }: AskPolicy): string {
  return `nobody answered within ${Math.round(timeLimitMs / 1_000)} s; go on without it, and say in the end what is missing`;
}
