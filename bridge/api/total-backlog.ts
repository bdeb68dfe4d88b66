/** A client to whom something was sent that it may not have taken yet. */
export interface WaitingClient {
  /** Without `waitingFrames`. */
  waitingBytes(): number;
  /** What others may wait for as well: one buffer for all of them, and so counted once. */
  waitingFrames?(): Iterable<Buffer>;
  /** Afterwards nothing waits for it. */
  cutOff(): void;
}

export interface TotalBacklogOptions {
  readonly bytesMax: number;
  /** What all clients together get to take enough of it: a large snapshot is no sign of slowness. */
  readonly graceMs: number;
}

/** A sum over all clients costs little, but not for every frame: what grew is looked at so much later, together. */
const lookAfterMs = 20;

/**
 * Bounds what waits for all clients together: while it is too much, whoever lags behind most is cut off. The last one is not, since its own
 * limits hold it: a snapshot or an answer that is larger than the bound would never arrive.
 */
export class TotalBacklog {
  readonly #options: TotalBacklogOptions;
  readonly #clients = new Set<WaitingClient>();
  /** The next look, or the end of the grace. */
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TotalBacklogOptions) {
    this.#options = options;
  }

  /** The returned function ends it. */
  watch(client: WaitingClient): () => void {
    this.#clients.add(client);
    return () => void this.#clients.delete(client);
  }

  /** To be called whenever something was sent that was not taken at once. */
  grew(): void {
    this.#timer ??= setTimeout(() => this.#look(), lookAfterMs);
  }

  bytes(): number {
    let sum = 0;
    const frames = new Set<Buffer>();
    for (const client of this.#clients) {
      sum += client.waitingBytes();
      for (const frame of client.waitingFrames?.() ?? []) frames.add(frame);
    }
    for (const frame of frames) sum += frame.byteLength;
    return sum;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#clients.clear();
  }

  #look(): void {
    const isTooMuch = this.bytes() > this.#options.bytesMax;
    this.#timer = isTooMuch ? setTimeout(() => this.#shrink(), this.#options.graceMs) : undefined;
  }

  #shrink(): void {
    this.#timer = undefined;
    const lagging = [...this.#clients].map((client) => ({ client, bytes: allOf(client) })).filter(({ bytes }) => bytes > 0);
    for (const { client } of lagging.sort((a, b) => b.bytes - a.bytes).slice(0, -1)) {
      if (this.bytes() <= this.#options.bytesMax) return;
      this.#clients.delete(client);
      client.cutOff();
    }
  }
}

function allOf(client: WaitingClient): number {
  let sum = client.waitingBytes();
  for (const frame of client.waitingFrames?.() ?? []) sum += frame.byteLength;
  return sum;
}
