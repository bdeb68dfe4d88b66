import type { StreamMessage } from "../../shared/stream";
import type { BridgeService } from "../runtime/service";

/** A screen shows nothing faster (60 frames a second), and a busy bridge changes thousands of times a second. */
const gapMs = 16;

/** Screens that open together, or come back after a cut, get one snapshot: with thousands of tasks each would cost megabytes. */
const snapshotKeptMs = 100;

/** Takes a frame: one message as JSON, or an array of them. The same buffer goes to all. */
export type TakeFrame = (frame: Buffer) => void;

/**
 * What changes, for all streams at once: subscribed once, serialised once. The first change goes out at once; what follows within 16 ms is
 * told together, and of each thing only how it is by then.
 */
export class StreamFeed {
  readonly #service: Pick<BridgeService, "subscribe">;
  readonly #takers = new Set<TakeFrame>();
  readonly #pending = new Map<string, StreamMessage>();
  #unsubscribe: (() => void) | undefined;
  #soon: NodeJS.Immediate | undefined;
  #gap: NodeJS.Timeout | undefined;
  /** How everything is, for those who join before it changes. */
  #snapshot: Buffer | undefined;
  #forget: NodeJS.Timeout | undefined;

  constructor(service: Pick<BridgeService, "subscribe">) {
    this.#service = service;
  }

  /** The frames go on exactly where the snapshot ends. */
  join(take: TakeFrame): { readonly snapshot: Buffer; readonly leave: () => void } {
    this.catchUp();
    const snapshot = this.#snapshot ?? this.#takeSnapshot();
    this.#takers.add(take);
    return { snapshot, leave: () => this.#leave(take) };
  }

  #takeSnapshot(): Buffer {
    const { snapshot, unsubscribe } = this.#service.subscribe((message) => this.#note(message));
    if (this.#unsubscribe) unsubscribe();
    else this.#unsubscribe = unsubscribe;
    const message: StreamMessage = { kind: "snapshot", snapshot };
    const frame = Buffer.from(JSON.stringify(message));
    this.#snapshot = frame;
    this.#forget = setTimeout(() => this.#forgetSnapshot(), snapshotKeptMs);
    return frame;
  }

  #forgetSnapshot(): void {
    clearTimeout(this.#forget);
    this.#snapshot = undefined;
  }

  #leave(take: TakeFrame): void {
    this.#takers.delete(take);
    if (this.#takers.size > 0) return;
    clearImmediate(this.#soon);
    clearTimeout(this.#gap);
    this.#soon = undefined;
    this.#gap = undefined;
    this.#pending.clear();
    this.#forgetSnapshot();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #note(message: StreamMessage): void {
    this.#forgetSnapshot();
    const key = keyOf(message);
    this.#pending.delete(key);
    this.#pending.set(key, message);
    // All that one turn of the engine changed goes together.
    if (this.#gap === undefined) this.#soon ??= setImmediate(() => this.#flushThenWait());
  }

  #flushThenWait(): void {
    this.#soon = undefined;
    this.catchUp();
    this.#gap = setTimeout(() => {
      this.#gap = undefined;
      if (this.#pending.size > 0) this.#flushThenWait();
    }, gapMs);
  }

  /** Tells what has changed so far, before something else is told that follows from it. */
  catchUp(): void {
    if (this.#pending.size === 0) return;
    const messages = [...this.#pending.values()];
    this.#pending.clear();
    const frame = Buffer.from(JSON.stringify(messages.length === 1 ? messages[0] : messages));
    for (const take of [...this.#takers]) take(frame);
  }
}

/** Of messages about the same thing the last one says it all. */
function keyOf(message: StreamMessage): string {
  switch (message.kind) {
    case "task":
      return message.task.id;
    case "instance":
      return message.instance.id;
    case "instance-removed":
      return message.instanceId;
    case "asks":
    case "pause":
    case "store":
    case "today":
      return message.kind;
    default:
      // Never of a thing that had a message before.
      return JSON.stringify(message);
  }
}
