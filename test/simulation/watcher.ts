import type { Transition } from "../../bridge/core/draft";
import type { Event, InstanceEvent } from "../../bridge/core/event";
import { violations, violationsBetween } from "../../bridge/core/invariants";
import type { reduce } from "../../bridge/core/reduce";
import type { CoreState } from "../../bridge/core/state";
import { isActive, isQueued, type Task } from "../../bridge/core/task";
import { reduceWith } from "./planted-bugs";
import type { World } from "./world";

/** The engine counts pauses of up to 5 s; instants are rounded. */
const slackMs = 100;

/** Stands between engine and core: holds every step to the invariants, and keeps a digest of all events. */
export class Watcher {
  /** As the last step left it. */
  state: CoreState | undefined;
  events = 0;
  dropped = 0;
  readonly #world: World;
  readonly #inner: typeof reduce;
  /** When each wait of each task was first seen, in time in which a bridge ran; what no commit kept may begin twice. */
  readonly #sinceAwakeMs = new Map<string, number>();
  #digest = 0x811c9dc5;

  constructor(world: World) {
    this.#world = world;
    this.#inner = reduceWith(world.planted);
  }

  get digest(): string {
    return (this.#digest >>> 0).toString(16).padStart(8, "0");
  }

  readonly reduce: typeof reduce = (before, event, now) => {
    const after = this.#inner(before, event, now);
    this.events += 1;
    this.#note(`${this.#world.time.nowMs} ${now.ms} ${JSON.stringify(event)}`);
    this.#world.trace(() => `${now.ms} ${told(event)} -> ${after.effects.map(({ kind }) => kind).join(" ")}`);
    const wrong = [...violations(after.state), ...violationsBetween(before, after.state)];
    if ("incarnation" in event && !("sessionId" in event)) wrong.push(...lateNews(before, event, after));
    for (const id of after.changedTasks) {
      const task = after.state.tasks.get(id);
      if (task) wrong.push(...this.#tooEarly(before.tasks.get(id), task));
    }
    for (const what of wrong) this.#world.truth.wrong(`after ${told(event)}: ${what}`);
    if (after.state.dropped > before.dropped) this.dropped += 1;
    this.state = after.state;
    return after;
  };

  #note(text: string): void {
    let hash = this.#digest;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    this.#digest = hash;
  }

  /** No limit on time runs out for time in which no bridge ran. */
  #tooEarly(before: Task | undefined, task: Task): readonly string[] {
    const awakeMs = this.#world.awakeMs();
    const stage = stageOf(task);
    if (stage !== undefined && !this.#sinceAwakeMs.has(stage)) this.#sinceAwakeMs.set(stage, awakeMs);
    if (!before || task.state.kind !== "failed") return [];
    const { code, message } = task.state.error;
    const limitMs = code === "TASK_TIMED_OUT" ? task.spec.runTimeMaxMs : code === "TASK_QUEUE_TIMED_OUT" ? task.spec.queueTimeMaxMs : 0;
    const waitedMs = awakeMs - (this.#sinceAwakeMs.get(stageOf(before) ?? "") ?? awakeMs);
    return waitedMs + slackMs >= limitMs ? [] : [`${task.id} ended after ${waitedMs} ms in which a bridge ran: ${message}`];
  }
}

function stageOf(task: Task): string | undefined {
  if (isQueued(task)) return `${task.id} queued ${task.state.sinceMs}`;
  return isActive(task) ? `${task.id} attempt ${task.state.attempt.number}` : undefined;
}

/** News of an earlier start change nothing but the number of those dropped. */
function lateNews(before: CoreState, event: InstanceEvent, { state, effects }: Transition): readonly string[] {
  if (before.instances.get(event.instanceId)?.incarnation === event.incarnation) return [];
  const same = state.tasks === before.tasks && state.instances === before.instances && state.asks === before.asks;
  if (same && effects.length === 0 && state.dropped === before.dropped + 1) return [];
  return [`late news of start ${event.incarnation} of ${event.instanceId} count`];
}

function told(event: Event): string {
  if ("fence" in event)
    return `${event.kind} ${event.fence.taskId} ${event.fence.attempt}.${event.fence.step}${"report" in event ? ` ${event.report.kind}` : ""}`;
  if ("instanceId" in event)
    return `${event.kind} ${event.instanceId}${"incarnation" in event ? `#${event.incarnation}` : ""}${"sessionId" in event ? ` ${event.sessionId}` : ""}`;
  if ("task" in event) return `${event.kind} ${event.task.id}`;
  return event.kind;
}
