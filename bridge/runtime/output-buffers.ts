import type { TaskId } from "../../shared/ids";
import type { OutputEntry } from "../../shared/stream";
import { inert } from "../inert";
import { lastLine } from "./last-line";

const entriesMax = 200;
const textCharsMax = 64 * 1024;
const tasksMax = 256;

interface Buffer {
  readonly entries: OutputEntry[];
  chars: number;
  readonly watchers: Set<(entry: OutputEntry) => void>;
}

/** Live output of tasks: a bounded tail each, never stored; the oldest task's goes first. */
export class OutputBuffers {
  readonly #buffers = new Map<TaskId, Buffer>();
  readonly #listeners = new Set<(taskId: TaskId) => void>();

  append(taskId: TaskId, raw: OutputEntry): void {
    const entry: OutputEntry = raw.kind === "text" ? { kind: "text", text: inert(raw.text) } : { ...raw, title: inert(raw.title) };
    const buffer = this.#bufferOf(taskId);
    buffer.entries.push(entry);
    buffer.chars += sizeOf(entry);
    while (buffer.entries.length > entriesMax || buffer.chars > textCharsMax) {
      const dropped = buffer.entries.shift();
      if (!dropped) break;
      buffer.chars -= sizeOf(dropped);
    }
    for (const watch of buffer.watchers) watch(entry);
    for (const listen of this.#listeners) listen(taskId);
  }

  /** Only that a task spoke; what it said last is asked for when somebody wants to show it. */
  watchAll(receive: (taskId: TaskId) => void) {
    // Whoever asks twice with one function is two listeners.
    const listen = (taskId: TaskId): void => receive(taskId);
    this.#listeners.add(listen);
    return {
      spoken: [...this.#buffers.keys()],
      lastLineOf: (taskId: TaskId) => lastLine(this.#buffers.get(taskId)?.entries ?? []),
      unsubscribe: () => void this.#listeners.delete(listen),
    };
  }

  watch(
    taskId: TaskId,
    receive: (entry: OutputEntry) => void,
  ): { readonly tail: readonly OutputEntry[]; readonly unsubscribe: () => void } {
    const buffer = this.#bufferOf(taskId);
    buffer.watchers.add(receive);
    return { tail: [...buffer.entries], unsubscribe: () => buffer.watchers.delete(receive) };
  }

  #bufferOf(taskId: TaskId): Buffer {
    const known = this.#buffers.get(taskId);
    if (known) return known;
    const made: Buffer = { entries: [], chars: 0, watchers: new Set() };
    this.#buffers.set(taskId, made);
    for (const [id, buffer] of this.#buffers) {
      if (this.#buffers.size <= tasksMax) break;
      if (buffer.watchers.size === 0 && id !== taskId) this.#buffers.delete(id);
    }
    return made;
  }
}

function sizeOf(entry: OutputEntry): number {
  return entry.kind === "text" ? entry.text.length : entry.title.length + entry.name.length;
}
