import type { Ask } from "../../../shared/ask";
import { type HappeningTask, type HappeningView, happeningVersion } from "../../../shared/happening";
import type { Happening } from "../../core/happening";
import type { CoreState } from "../../core/state";
import type { Task } from "../../core/task";
import type { Now } from "../../core/time";
import { inert } from "../../inert";
import { askTitle } from "../ask-views";
import { shortText } from "../short-text";
import { taskView } from "../task-view";
import { instanceStateName } from "../views";

const textMax = 4 * 1024;
const summaryBytesMax = 300;

/** A happening as programs and people get it. `state`: the one that it came to. */
export function happeningView(happening: Happening, state: CoreState, now: Now): HappeningView {
  const { id, kind, atEpochMs, task, askId, instanceId, hostId, reason } = happening;
  const instance = instanceId && state.instances.get(instanceId);
  const ask = askId && state.asks.get(askId);
  const view = {
    version: happeningVersion,
    id,
    on: kind,
    at: new Date(atEpochMs).toISOString(),
    task: task && taskOf(task, now),
    instance: instance && {
      id: instance.id,
      name: instance.name,
      host: instance.host,
      state: instanceStateName(instance, state.hosts),
    },
    ask: askId === undefined ? undefined : { id: askId, kind: ask?.content.kind ?? "", title: ask ? askTitle(ask) : "" },
    host: hostId ?? instance?.host,
    reason: reason === undefined ? undefined : inert(reason),
  };
  return { ...view, summary: shortText(summaryOf(happening, { ...view, ask: ask || undefined }), summaryBytesMax) };
}

function taskOf(task: Task, now: Now): HappeningTask {
  const { id, title, prompt, directory, state, attempt, runMs, usage, branch, text, error } = taskView(task, now);
  const cut = (long: string): string => inert(long.slice(0, textMax));
  return {
    ...{ id, title: inert(title), prompt: cut(prompt), directory, state, attempt, runMs, ...usage },
    ...{ branch: branch?.branch, files: branch?.files.length, text: cut(text), error },
  };
}

interface Named {
  readonly task?: HappeningTask | undefined;
  readonly instance?: { readonly name: string } | undefined;
  readonly ask?: Ask | undefined;
  readonly host?: string | undefined;
}

function summaryOf({ kind, reason = "" }: Happening, { task, instance, ask, host = "" }: Named): string {
  const title = `“${task?.title ?? ""}”`;
  const where = instance ? ` on ${instance.name}` : "";
  switch (kind) {
    case "task.started":
      return `${title} started${where}`;
    case "task.succeeded":
      return `${title} succeeded${where}`;
    case "task.failed":
      return `${title} failed${where}: ${task?.error?.message ?? ""}`;
    case "task.cancelled":
      return `${title} was cancelled`;
    case "ask.opened":
      return `${title} waits for you${where}: ${ask ? askTitle(ask) : "see octo asks"}`;
    case "ask.answered":
      return `${title} got its answer${where}`;
    case "instance.failed":
      return `instance ${instance?.name ?? ""} has failed: ${reason}`;
    case "instance.restarted":
      return `instance ${instance?.name ?? ""} was restarted`;
    case "host.lost":
      return `host ${host} cannot be reached: ${reason}`;
    case "host.back":
      return `host ${host} is back`;
    case "limit.reached":
      return `the queue is paused: ${reason}`;
    case "limit.lifted":
      return "the queue goes on";
  }
}
