import { nextDeadlineMs } from "../../bridge/core/deadlines";
import type { AttemptEvent, Event } from "../../bridge/core/event";
import type { Instance } from "../../bridge/core/instance";
import { defaultPolicy } from "../../bridge/core/policy";
import { reduce, withoutEnded } from "../../bridge/core/reduce";
import { type CoreState, emptyState } from "../../bridge/core/state";
import { type Attempt, isActive } from "../../bridge/core/task";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { StrategyName, TaskSpec } from "../../shared/task";
import { anInstance, aTask } from "../core/steps";
import { instanceId, taskId } from "../fakes/samples";

type Without<Union, Field extends string> = Union extends unknown ? Omit<Union, Field> : never;

/** Made-up instances, all of them ready, and the core that places tasks on them: no processes, no checks, only decisions and their time. */
export class Fleet {
  /** Where each task was placed, in order. */
  readonly placements: { readonly taskId: TaskId; readonly instanceId: InstanceId }[] = [];
  /** How long the core took for each event that placed a task: as the engine calls it, with the deadline that follows. */
  readonly placementMs: number[] = [];
  #state: CoreState;
  #submitted = 0;

  constructor(slots: readonly number[], strategy: StrategyName, seed = 1) {
    const instances = slots.map((count, index): [InstanceId, Instance] => {
      const id = instanceId(String(index).padStart(4, "0"));
      return [id, anInstance(id, { slots: count, incarnation: 1, state: { kind: "ready" } })];
    });
    this.#state = { ...emptyState({ ...defaultPolicy, strategy }, seed), instances: new Map(instances) };
  }

  /** Placements on each instance so far. */
  placementCounts(): readonly number[] {
    const counts = new Map([...this.#state.instances.keys()].map((id): [InstanceId, number] => [id, 0]));
    for (const { instanceId: id } of this.placements) counts.set(id, (counts.get(id) ?? 0) + 1);
    return [...counts.values()];
  }

  get queued(): number {
    return this.#state.tasks.queuedCount;
  }

  submit(spec: Partial<TaskSpec> = {}): TaskId {
    this.#submitted += 1;
    const id = taskId(String(this.#submitted).padStart(6, "0"));
    this.send({ kind: "task-submitted", task: aTask(id, { spec }) });
    return id;
  }

  /** Everything that happens from the lease to the turn's end; its slot goes to the next task. */
  complete(id: TaskId): void {
    const { instanceId: instance, slot } = this.#attempt(id);
    const worktree = `/pool/${instance}-${slot}`;
    const branch = { repository: "/repo", worktree, name: `octo/${id}`, base: "c0" };
    this.#answer(id, { kind: "workspace-prepared", workspace: { directory: worktree, branch } });
    this.#answer(id, { kind: "session-opened", sessionId: `ses_${id}`, messageId: `msg_${id}`, partIds: [`prt_${id}`] });
    this.#answer(id, { kind: "prompt-accepted" });
    const session = { instanceId: instance, incarnation: 1, sessionId: `ses_${id}` } as const;
    this.send({ ...session, kind: "turn-started", messageId: `msg_${id}` });
    this.send({ ...session, kind: "turn-settled" });
    const usage = { tokensIn: 1, tokensOut: 1, cost: 0 };
    this.#answer(id, { kind: "turn-inspected", report: { kind: "ended", outcome: { kind: "succeeded" }, text: "done", usage } });
    this.#answer(id, {
      kind: "workspace-finished",
      branch: { repository: "/repo", branch: branch.name, base: "c0", commit: "c1", files: [] },
    });
  }

  send(event: Event): void {
    const startMs = performance.now();
    const { state, effects } = reduce(this.#state, event, { ms: 0, epochMs: 0 });
    this.#state = withoutEnded(state);
    nextDeadlineMs(this.#state, 0);
    const tookMs = performance.now() - startMs;
    for (const effect of effects) {
      if (effect.kind !== "prepare-workspace") continue;
      this.placements.push({ taskId: effect.task.id, instanceId: effect.task.state.attempt.instanceId });
      this.placementMs.push(tookMs);
    }
  }

  #attempt(id: TaskId): Attempt {
    const task = this.#state.tasks.get(id);
    if (!task || !isActive(task)) throw new Error(`${id} is not placed`);
    return task.state.attempt;
  }

  #answer(id: TaskId, answer: Without<AttemptEvent, "fence">): void {
    const { number, step } = this.#attempt(id);
    this.send({ ...answer, fence: { taskId: id, attempt: number, step } });
  }
}
