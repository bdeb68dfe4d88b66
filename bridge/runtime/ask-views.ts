import type { Ask, AskView } from "../../shared/ask";
import { askLimitMs } from "../core/ask-decision";
import { type OpenAsk, waitsForPerson } from "../core/open-ask";
import type { CoreState } from "../core/state";
import type { Now } from "../core/time";
import { localHost } from "../ids";
import { inert, oneLine } from "../inert";

const titleCharactersMax = 200;

/** What waits for a person, oldest first; what is being answered waits for nobody. */
export function askViews(state: CoreState, now: Now): readonly AskView[] {
  return waiting(state)
    .sort((a, b) => a.askedAtEpochMs - b.askedAtEpochMs)
    .map((ask) => askView(ask, state, now));
}

export function waitingCount(state: CoreState): number {
  return waiting(state).length;
}

function waiting(state: CoreState): OpenAsk[] {
  return [...state.asks.values()].filter(waitsForPerson);
}

function askView(ask: OpenAsk, state: CoreState, now: Now): AskView {
  const { openedAtMs: _, decision: __, ...told } = ask;
  const instance = state.instances.get(ask.instanceId);
  const limitMs = askLimitMs(ask, state.policy.asks);
  const task = ask.taskId && state.tasks.get(ask.taskId);
  return {
    ...told,
    title: askTitle(ask),
    taskTitle: task && inert(task.title),
    instanceName: instance?.name ?? ask.instanceId,
    host: instance?.host ?? localHost,
    deniedAtEpochMs: limitMs === undefined ? undefined : Math.round(now.epochMs + limitMs - now.ms),
  };
}

export function askTitle({ content }: Ask): string {
  const title =
    content.kind === "permission"
      ? `${content.permission}: ${content.patterns.join(", ")}`
      : content.questions.map(({ question }) => question).join("; ");
  return oneLine(title).slice(0, titleCharactersMax);
}
