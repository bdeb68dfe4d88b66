import type { TaskId } from "../../shared/ids";
import type { Event } from "../core/event";
import type { Task } from "../core/task";
import type { RequestRecord } from "./store";

/** Proof of holding a task: what its source compares before it believes an outcome. */
export interface LeaseToken {
  readonly taskId: TaskId;
  /** Of the attempt that holds the task now, or held it last; each new attempt makes the earlier tokens stale. */
  readonly attempt: number;
}

export interface Offer {
  readonly task: Task;
  /** What has to be true first, in the same turn (an instance to run on). */
  readonly before: readonly Event[];
  /** Makes a repeated request harmless; committed together with the task. */
  readonly record?: RequestRecord | undefined;
}

/** What the scheduler gives its source. */
export interface IntakeSink {
  /** Settles once the task is durable here; from then on it ends with an outcome. */
  accept(offer: Offer): Promise<void>;
}

/**
 * Where tasks come from. The bridge's own queue takes them from its clients; a queue that several bridges share would pull when
 * there is room and settle its entry when `ended` proves the lease.
 */
export interface TaskIntake {
  start(sink: IntakeSink): void;
  submit(offer: Offer): Promise<void>;
  /** Slots that no task wants just now. */
  room(slots: number): void;
  ended(task: Task, lease: LeaseToken): void;
  stop(): void;
}
