import type { CommandEnd, CommandRequest, Commands } from "../../ports/commands";

export interface QueueLimits {
  readonly atOnceMax: number;
  readonly waitingMax: number;
}

interface Waiting {
  readonly request: CommandRequest;
  readonly settle: (end: CommandEnd | "dropped") => void;
}

/** Commands in the order in which they were asked for, a few at a time; what comes while too many wait is dropped. */
export class CommandQueue {
  readonly #commands: Commands;
  readonly #limits: QueueLimits;
  readonly #waiting: Waiting[] = [];
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #open = false;

  constructor(commands: Commands, limits: QueueLimits) {
    this.#commands = commands;
    this.#limits = limits;
  }

  /** What waits until then runs from here on: what an earlier bridge left running is ended first. */
  start(): void {
    if (this.#stopping.signal.aborted) return;
    this.#open = true;
    this.#next();
  }

  /** Settles at its end; `dropped` at once when too many wait already. */
  run(request: CommandRequest): Promise<CommandEnd | "dropped"> {
    if (this.#waiting.length >= this.#limits.waitingMax) return Promise.resolve("dropped");
    return new Promise((settle) => {
      this.#waiting.push({ request, settle });
      this.#next();
    });
  }

  /** Ends what runs; what waits never settles. */
  async stop(): Promise<void> {
    this.#open = false;
    this.#waiting.length = 0;
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  #next(): void {
    while (this.#open && this.#running.size < this.#limits.atOnceMax) {
      const next = this.#waiting.shift();
      if (!next) return;
      const run = this.#commands.run(next.request, this.#stopping.signal).then(next.settle);
      this.#running.add(run);
      void run.then(() => {
        this.#running.delete(run);
        this.#next();
      });
    }
  }
}
