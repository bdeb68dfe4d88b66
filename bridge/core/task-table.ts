import type { TaskId } from "../../shared/ids";
import type { Loads } from "./load";
import type { ActiveTask, QueuedTask, Task } from "./task";
import { emptyShelves, inTurn, type SessionPlace, type Shelves, sessionKey, shelved, withoutEnded, woken } from "./task-shelves";

/**
 * All tasks that the core decides about, with those of each kind at hand: no step looks at tasks that do not concern it. A value:
 * every change gives a new table, in time that grows with the logarithm of its size.
 */
export class TaskTable {
  readonly #shelves: Shelves;

  private constructor(shelves: Shelves) {
    this.#shelves = shelves;
  }

  static of(tasks: Iterable<Task>): TaskTable {
    let shelves = emptyShelves;
    for (const task of tasks) shelves = shelved(shelves, task);
    return new TaskTable(shelves);
  }

  get size(): number {
    return this.#shelves.all.size;
  }

  get queuedCount(): number {
    const { all, active, ended } = this.#shelves;
    return all.size - active.size - ended.size;
  }

  get(id: TaskId): Task | undefined {
    return this.#shelves.all.get(id);
  }

  has(id: TaskId): boolean {
    return this.#shelves.all.has(id);
  }

  /** What the attempts of each instance take up; nothing for one that has none. */
  get loads(): Loads {
    return this.#shelves.loads;
  }

  keys(): readonly TaskId[] {
    return this.#shelves.all.keys();
  }

  /** In order of id. */
  values(): readonly Task[] {
    return this.#shelves.all.values();
  }

  active(): readonly ActiveTask[] {
    return this.#shelves.active.values();
  }

  /** The one whose attempt runs in this session. */
  inSession(place: SessionPlace): ActiveTask | undefined {
    return this.#shelves.sessions.get(sessionKey(place));
  }

  /** Those that come after a task that has not succeeded yet. */
  blocked(): readonly QueuedTask[] {
    return this.#shelves.blocked.values();
  }

  /** Placeable ones that go on in a session: the first in turn for each. */
  pinned(): readonly QueuedTask[] {
    return this.#shelves.lines
      .values()
      .flatMap((line) => line.first()?.[1] ?? [])
      .filter(({ pin }) => pin !== undefined);
  }

  with(task: Task): TaskTable {
    return new TaskTable(shelved(this.#shelves, task));
  }

  withoutEnded(): TaskTable {
    return this.#moved(withoutEnded(this.#shelves));
  }

  /** Puts those in line whose `notBeforeMs` has come. */
  wake(nowMs: number): TaskTable {
    return this.#moved(woken(this.#shelves, nowMs));
  }

  /** When time alone changes something about an attempt next. */
  get nextDueMs(): number | undefined {
    return this.#shelves.due.first()?.[0].atMs;
  }

  /** When `wake` has something to do next. */
  get nextWakeMs(): number | undefined {
    return this.#shelves.later.first()?.[0].atMs;
  }

  /** The end that comes first of all limits on the time in the queue. */
  get nextExpiry(): { readonly atMs: number; readonly task: QueuedTask } | undefined {
    const first = this.#shelves.expiring.first();
    return first && { atMs: first[0].atMs, task: first[1] };
  }

  /** The first in turn of those placeable whose need is not among these. */
  nextInTurn(except: ReadonlySet<string>): QueuedTask | undefined {
    let next: QueuedTask | undefined;
    for (const [need, line] of this.#shelves.lines.entries()) {
      const head = except.has(need) ? undefined : line.first()?.[1];
      if (head && (!next || inTurn(head, next) < 0)) next = head;
    }
    return next;
  }

  #moved(shelves: Shelves): TaskTable {
    return shelves === this.#shelves ? this : new TaskTable(shelves);
  }
}
