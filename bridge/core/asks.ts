import type { Ask } from "../../shared/ask";
import type { AskId, InstanceId } from "../../shared/ids";
import { type AskClosing, closeAsk } from "./ask-close";
import { decideAsk, deliverAgain } from "./ask-decision";
import { decideByRules } from "./ask-rules";
import { move } from "./attempt";
import { beginEnd } from "./attempt-end";
import { noteProgress } from "./attempt-turn";
import type { Draft } from "./draft";
import { endWaitWhenDrained } from "./drain-wait";
import type { Instance } from "./instance";
import type { OpenAsk } from "./open-ask";
import type { ActiveTask } from "./task";

/** What a rule decides holds no task up; the others wait for a person. */
export function onAskOpened(draft: Draft, instance: Instance, told: Ask): void {
  // A word that came late, or twice: no id is given to a second ask.
  if (draft.closedAsks.has(told.id)) return draft.drop();
  const known = draft.asks.get(told.id);
  const task = draft.tasks.inSession({ instanceId: instance.id, incarnation: instance.incarnation, sessionId: told.rootSessionId });
  const ask: OpenAsk = known ?? { ...told, taskId: task?.id, openedAtMs: draft.now.ms };
  draft.putAsk(ask);
  if (ask.decision) return deliverAgain(draft, ask, ask.decision);
  // In a session of their own, a person answers for themselves.
  const decided = task && decideByRules(draft.policy.asks.rules, ask.content, instance);
  if (decided) decideAsk(draft, ask, decided.answer, { kind: "rule", rule: decided.rule });
  if (task && decided) noteProgress(draft, task);
  else if (task) waitFor(draft, task, ask.id);
}

export function onAskClosed(draft: Draft, askId: AskId, closing: AskClosing): void {
  const ask = draft.asks.get(askId);
  if (ask) closeAsk(draft, ask, closing);
  for (const task of draft.tasks.active()) {
    goOnWithout(draft, task, (id) => id !== askId);
  }
}

/** The answer did not get through: a task that went on meanwhile waits after all. */
export function onAnswerFailed(draft: Draft, instance: Instance, askId: AskId): void {
  const ask = draft.asks.get(askId);
  if (!ask?.decision || ask.decision.dueAtMs !== undefined) return draft.drop();
  const failures = ask.decision.failures + 1;
  const delayMs = Math.min(answerAgainMs * 2 ** (failures - 1), answerAgainMaxMs);
  draft.putAsk({ ...ask, decision: { ...ask.decision, failures, dueAtMs: draft.now.ms + delayMs } });
  const task = draft.tasks.inSession({ instanceId: instance.id, incarnation: instance.incarnation, sessionId: ask.rootSessionId });
  if (task) waitFor(draft, task, askId);
}

const answerAgainMs = 1_000;
const answerAgainMaxMs = 30_000;

/** The stream was down: the list that comes next decides about the asks known until now. */
export function doubtAsks(draft: Draft, instance: Instance): void {
  const known = [...draft.asks.values()].filter(({ instanceId }) => instanceId === instance.id);
  if (known.length > 0) draft.doubtAsks(known.map(({ id }) => id));
}

/**
 * The whole list of an instance after a reconnect: the only time that asks vanish without a word. Those announced since the stream
 * opened may be newer than the list.
 */
export function onAsksListed(draft: Draft, instance: Instance, asks: readonly Ask[]): void {
  const listed = new Set(asks.map((ask) => ask.id));
  for (const ask of draft.asks.values()) {
    if (ask.instanceId === instance.id && !listed.has(ask.id) && draft.doubtedAsks.has(ask.id)) closeAsk(draft, ask, { kind: "gone" });
  }
  for (const task of draft.tasks.active()) {
    if (task.state.attempt.instanceId !== instance.id) continue;
    goOnWithout(draft, task, (id) => listed.has(id) || draft.asks.has(id));
  }
  for (const ask of asks) onAskOpened(draft, instance, ask);
}

export function closeAsksOf(draft: Draft, instanceId: InstanceId): void {
  for (const ask of draft.asks.values()) if (ask.instanceId === instanceId) closeAsk(draft, ask, { kind: "dropped" });
}

function waitFor(draft: Draft, task: ActiveTask, askId: AskId): void {
  const { phase, ending } = task.state.attempt;
  switch (phase.kind) {
    case "waiting":
      if (!phase.askIds.includes(askId)) move(draft, task, { kind: "waiting", askIds: [...phase.askIds, askId] });
      return;
    case "sending":
    case "accepted":
    case "doubtful":
    case "started": {
      const waiting = move(draft, task, { kind: "waiting", askIds: [askId] });
      draft.reschedule = true;
      if (ending) beginEnd(draft, waiting, ending);
      else endWaitWhenDrained(draft, waiting);
      return;
    }
    case "preparing":
    case "opening":
    case "aborting":
    case "collecting":
      return;
  }
}

function goOnWithout(draft: Draft, task: ActiveTask, stays: (id: AskId) => boolean): void {
  const { phase } = task.state.attempt;
  if (phase.kind !== "waiting") return;
  const askIds = phase.askIds.filter(stays);
  if (askIds.length === phase.askIds.length) return;
  const { ms } = draft.now;
  if (askIds.length > 0) move(draft, task, { kind: "waiting", askIds });
  else move(draft, task, { kind: "started", progressAtMs: ms, dueAtMs: ms + draft.policy.inspectEveryMs });
}
