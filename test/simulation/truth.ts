import type { CommitBatch } from "../../bridge/ports/store";

/** A turn at work on a server, or a tool that outlived its server. */
export interface Work {
  /** Of the task: part of its prompt. */
  readonly mark: string;
  readonly messageId: string;
  readonly directory: string;
  /** The server's start. */
  readonly process: string;
}

interface Committed {
  readonly id: string;
  readonly state: string;
}

const endStates = new Set(["succeeded", "failed", "cancelled"]);
const markPattern = /\[\[task:([\w-]+)\]\]/;

export function markOf(text: string): string {
  return markPattern.exec(text)?.[1] ?? "";
}

export function promptOf(mark: string): string {
  return `[[task:${mark}]] do it`;
}

/**
 * What really happens, seen from outside octo: turns counted where they run, tasks where they are stored. Whatever must never happen
 * is noted as a violation.
 */
export class Truth {
  readonly violations: string[] = [];
  turns = 0;
  readonly #running = new Map<string, Work>();
  /** Tools that outlived their server, and work on in its folders. */
  readonly #tools = new Map<string, Work>();
  readonly #begun = new Set<string>();
  /** Tasks whose turn has succeeded on a start that still lives, and can be asked. */
  readonly #done = new Map<string, string>();
  /** Prompts that were sent, and not asked about since. */
  readonly #unasked = new Set<string>();
  readonly #tasks = new Map<string, Committed>();
  readonly #marks = new Map<string, string>();
  readonly #accepted = new Map<string, string>();
  readonly #audited = new Set<string>();
  readonly #retries = new Map<string, number>();

  wrong(what: string): void {
    this.violations.push(what);
  }

  turnBegins(work: Work): void {
    this.turns += 1;
    for (const other of [...this.#running.values(), ...this.#tools.values()]) {
      if (other.mark === work.mark) this.wrong(`${work.mark} runs as ${work.messageId} while ${other.messageId} of it still works`);
      else if (other.directory === work.directory) this.wrong(`${work.mark} and ${other.mark} work in ${work.directory} at once`);
    }
    if (this.#begun.has(work.messageId)) this.wrong(`${work.messageId} of ${work.mark} began twice`);
    if (this.#done.has(work.mark)) this.wrong(`${work.mark} was done as ${this.#done.get(work.mark)}, and is done again`);
    const state = this.#tasks.get(work.mark)?.state;
    if (state === undefined) this.wrong(`${work.mark} runs and is in no store`);
    else if (endStates.has(state)) this.wrong(`${work.mark} has ${state}, and runs again`);
    this.#begun.add(work.messageId);
    this.#running.set(work.messageId, work);
  }

  turnEnds(work: Work, succeeded: boolean): void {
    this.#running.delete(work.messageId);
    if (succeeded) this.#done.set(work.mark, work.process);
  }

  /** Its turns are cut off; some of their tools live on. */
  processEnds(process: string, toolStays: (work: Work) => boolean): void {
    for (const work of this.#running.values()) {
      if (work.process !== process) continue;
      this.#running.delete(work.messageId);
      if (toolStays(work)) this.#tools.set(work.messageId, work);
    }
    for (const [mark, at] of this.#done) if (at === process) this.#done.delete(mark);
  }

  toolsEnd(process: string | undefined): void {
    for (const work of this.#tools.values()) if (process === undefined || work.process === process) this.#tools.delete(work.messageId);
  }

  isAtWork(directory: string): boolean {
    return [...this.#running.values(), ...this.#tools.values()].some((work) => work.directory === directory);
  }

  /** Git is let loose on the folder. */
  touches(what: string, directory: string): void {
    for (const work of [...this.#running.values(), ...this.#tools.values()]) {
      if (work.directory === directory) this.wrong(`${what} in ${directory}, where ${work.messageId} of ${work.mark} works`);
    }
  }

  promptSent(messageId: string): void {
    if (this.#unasked.has(messageId)) this.wrong(`${messageId} was sent again, and nobody asked what had become of it`);
    this.#unasked.add(messageId);
  }

  promptAsked(messageId: string): void {
    this.#unasked.delete(messageId);
  }

  /** A client was told that the task is taken. */
  accepted(mark: string, id: string): void {
    const known = this.#accepted.get(mark);
    if (known !== undefined && known !== id) this.wrong(`one request for ${mark} was answered with ${known} and ${id}`);
    this.#accepted.set(mark, id);
    if (this.#tasks.get(mark)?.id !== id) this.wrong(`${mark} was accepted as ${id}, and the store does not have it`);
  }

  retryAsked(id: string): void {
    const mark = this.#marks.get(id) ?? "";
    this.#retries.set(mark, (this.#retries.get(mark) ?? 0) + 1);
  }

  /** On the disk from here on. */
  committed(batch: CommitBatch): void {
    for (const { json } of batch.audits) {
      const id = /"askId":"([^"]+)"/.exec(json)?.[1] ?? "";
      if (this.#audited.has(id)) this.wrong(`${id} is in the audit trail twice`);
      this.#audited.add(id);
    }
    for (const { id, state, json } of batch.tasks) {
      const mark = this.#marks.get(id) ?? markOf(json);
      this.#marks.set(id, mark);
      const before = this.#tasks.get(mark);
      if (before && before.id !== id) this.wrong(`one request for ${mark} made ${before.id} and ${id}`);
      if (before && endStates.has(before.state)) this.#changeEnded(mark, before.state, state);
      this.#tasks.set(mark, { id, state });
    }
  }

  #changeEnded(mark: string, before: string, state: string): void {
    const retries = this.#retries.get(mark) ?? 0;
    // A retry may end in the very turn of the engine that took it.
    if (retries === 0) return this.wrong(`${mark} had ${before}, and is ${state}`);
    this.#retries.set(mark, retries - 1);
    this.#done.delete(mark);
  }

  openTasks(): readonly Committed[] {
    return [...this.#tasks.values()].filter(({ state }) => !endStates.has(state));
  }

  endedTasks(): readonly Committed[] {
    return [...this.#tasks.values()].filter(({ state }) => endStates.has(state));
  }

  get taskCount(): number {
    return this.#tasks.size;
  }

  /** Everything has ended, and nothing works. */
  checkRest(): void {
    for (const work of [...this.#running.values(), ...this.#tools.values()])
      this.wrong(`${work.messageId} of ${work.mark} works on at the end`);
    for (const [mark, id] of this.#accepted) if (this.#tasks.get(mark)?.id !== id) this.wrong(`${mark} was accepted as ${id}, and is lost`);
  }
}
