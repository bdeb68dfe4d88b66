import type { TaskId } from "../../../shared/ids";

/** A pane of WezTerm, named by its GUI too: ids are counted anew in each. */
export interface PaneKey {
  readonly guiId: number;
  readonly paneId: number;
}

interface Cursor {
  shown?: TaskId | undefined;
  wish?: TaskId | undefined;
  readonly listeners: Set<(taskId: TaskId) => void>;
}

/** More than may be open; the ones without a screen that were used longest ago go first. */
const cursorsMax = 1_024;

/** What the screens in panes and those who ask about panes tell each other: which task the cursor is on, and which it should be on. */
export class PaneCursors {
  readonly #cursors = new Map<string, Cursor>();

  /** The task that a screen in this pane has its cursor on. */
  shows(key: PaneKey, taskId: TaskId | undefined): void {
    this.#cursorOf(key).shown = taskId;
  }

  shownIn(key: PaneKey): TaskId | undefined {
    return this.#cursors.get(nameOf(key))?.shown;
  }

  /** Moves the cursor, now or when the pane's screen opens. */
  wish(key: PaneKey, taskId: TaskId): void {
    const cursor = this.#cursorOf(key);
    if (cursor.listeners.size === 0) cursor.wish = taskId;
    for (const listener of [...cursor.listeners]) listener(taskId);
  }

  /** Calls with each wish, at once with one that waits; the returned function ends it. */
  onWish(key: PaneKey, call: (taskId: TaskId) => void): () => void {
    const cursor = this.#cursorOf(key);
    cursor.listeners.add(call);
    const { wish } = cursor;
    cursor.wish = undefined;
    if (wish !== undefined) call(wish);
    return () => cursor.listeners.delete(call);
  }

  #cursorOf(key: PaneKey): Cursor {
    const name = nameOf(key);
    const known = this.#cursors.get(name) ?? { listeners: new Set() };
    this.#cursors.delete(name);
    this.#cursors.set(name, known);
    for (const [each, { listeners }] of this.#cursors) {
      if (this.#cursors.size <= cursorsMax) break;
      if (listeners.size === 0 && each !== name) this.#cursors.delete(each);
    }
    return known;
  }
}

function nameOf({ guiId, paneId }: PaneKey): string {
  return `${guiId}:${paneId}`;
}
