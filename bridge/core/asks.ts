import type { Ask, AskAnswer } from "../../shared/ask";
import type { AskId, InstanceId } from "../../shared/ids";
import { move } from "./attempt";
import { beginEnd } from "./attempt-end";
import type { Draft } from "./draft";
import type { Instance } from "./instance";
import type { ActiveTask } from "./task";

/** An answer goes to OpenCode; the ask stays until OpenCode says it is closed, or no longer lists it. */
export function onAnswerRequested(draft: Draft, askId: AskId, answer: AskAnswer): void {
  const ask = draft.asks.get(askId);
  if (!ask) return draft.drop();
  draft.ask({ kind: "answer-ask", ask, answer });
}

export function onAskOpened(draft: Draft, instance: Instance, ask: Ask): void {
  draft.putAsk(ask);
  const task = draft.tasks.inSession({ instanceId: instance.id, incarnation: instance.incarnation, sessionId: ask.rootSessionId });
  if (task) wait(draft, task, ask.id);
}

export function onAskClosed(draft: Draft, askId: AskId): void {
  draft.removeAsk(askId);
  for (const task of draft.tasks.active()) {
    goOnWithout(draft, task, (id) => id !== askId);
  }
}

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
    if (ask.instanceId === instance.id && !listed.has(ask.id) && draft.doubtedAsks.has(ask.id)) draft.removeAsk(ask.id);
  }
  for (const task of draft.tasks.active()) {
    if (task.state.attempt.instanceId !== instance.id) continue;
    goOnWithout(draft, task, (id) => listed.has(id) || draft.asks.has(id));
  }
  for (const ask of asks) onAskOpened(draft, instance, ask);
}

export function closeAsksOf(draft: Draft, instanceId: InstanceId): void {
  for (const ask of draft.asks.values()) if (ask.instanceId === instanceId) draft.removeAsk(ask.id);
}

function wait(draft: Draft, task: ActiveTask, askId: AskId): void {
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
