import { OctoError } from "../../octo-error";
import { type Bucket, type BucketLimits, fullBucket, nextTokenMs, takeToken } from "../../token-bucket";

export interface PacerOptions {
  /** Requests under way at once. */
  readonly atOnceMax: number;
  readonly perSecond: number;
  /** What may go at once after a quiet while. */
  readonly burst: number;
  readonly waitingMax: number;
}

export const defaultPace: PacerOptions = { atOnceMax: 7, perSecond: 200, burst: 200, waitingMax: 1_000 };
/** Of the ends of turns: they wait for one another, never for other work. */
export const abortPace: PacerOptions = { ...defaultPace, atOnceMax: 4 };

interface Waiting {
  readonly go: () => void;
}

/** Paces requests to one server: in order, so many at once and a second. */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #limits: BucketLimits;
  readonly #waiting = new Set<Waiting>();
  #underWay = 0;
  #bucket: Bucket;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#limits = { burst: options.burst, everyMs: 1_000 / options.perSecond };
    this.#bucket = fullBucket(this.#limits, performance.now());
  }

  /** Settles when the request may be sent; call the result when it is over. Raises the signal's reason, INSTANCE_UNRESPONSIVE. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#waiting.size > 0 || !this.#take()) await this.#wait(signal);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#underWay -= 1;
      this.#advance();
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { waitingMax } = this.#options;
    if (this.#waiting.size >= waitingMax) {
      return Promise.reject(new OctoError("INSTANCE_UNRESPONSIVE", `${waitingMax} requests wait for the server already`));
    }
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        go: () => {
          signal.removeEventListener("abort", giveUp);
          resolve();
        },
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiting.add(waiting);
      this.#advance();
    });
  }

  #advance(): void {
    for (const waiting of this.#waiting) {
      if (!this.#take()) break;
      this.#waiting.delete(waiting);
      waiting.go();
    }
    if (this.#waiting.size === 0 || this.#timer !== undefined || this.#underWay >= this.#options.atOnceMax) return;
    const delayMs = Math.max(1, nextTokenMs(this.#bucket, this.#limits) - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#advance();
    }, delayMs);
  }

  #take(): boolean {
    if (this.#underWay >= this.#options.atOnceMax) return false;
    const bucket = takeToken(this.#bucket, this.#limits, performance.now());
    if (!bucket) return false;
    this.#bucket = bucket;
    this.#underWay += 1;
    return true;
  }
}
