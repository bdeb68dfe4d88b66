import { type HappeningView, matchesKind } from "../../../shared/happening";
import type { Notice } from "../../../shared/notice";
import type { Config } from "../../config/config";
import type { Clock } from "../../ports/clock";
import { type Bucket, fullBucket, nextTokenMs, takeToken } from "../../token-bucket";
import { Claims } from "../panes/claims";

export interface NotifierParts {
  readonly config: Config["notify"];
  readonly clock: Clock;
  /** Tells it, by every channel but WezTerm's notifications: these ask `mayToast`. */
  readonly tell: (notice: Notice) => void;
}

/** A toast is asked for within seconds, or never. */
const subjectsMax = 256;

/**
 * Decides what the person is told of: what they want to know of, not everything at once, each at most once. Nothing of it is stored:
 * a bridge that dies in between tells it never.
 */
export class Notifier {
  readonly #parts: NotifierParts;
  readonly #granted = new Claims(subjectsMax);
  #bucket: Bucket;
  #leftOut = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
    this.#bucket = fullBucket(parts.config, parts.clock.monotonicMs());
  }

  note(happenings: readonly HappeningView[]): void {
    for (const view of happenings) if (this.#isWanted(view)) this.#offer(view);
  }

  /** Whether this was told, by its subject: an ask's id, a task's id and the state of its end, else the notice's own id. */
  mayToast(subject: string): boolean {
    return this.#granted.has(subject);
  }

  stop(): void {
    this.#cancel?.();
  }

  #isWanted({ on, task }: HappeningView): boolean {
    const { on: patterns, quietUnderMs } = this.#parts.config;
    if (on === "task.succeeded" && task && task.runMs < quietUnderMs) return false;
    return patterns.some((pattern) => matchesKind(pattern, on));
  }

  #offer(view: HappeningView): void {
    if (!this.#take()) {
      this.#leftOut += 1;
      this.#tellLater();
      return;
    }
    const { id, on, summary, task, instance } = view;
    this.#granted.take(subjectOf(view) ?? id);
    this.#tell({ id, on, title: `octo: ${on.replace(".", " ")}`, text: summary, taskId: task?.id, instanceId: instance?.id });
  }

  #take(): boolean {
    const bucket = takeToken(this.#bucket, this.#parts.config, this.#parts.clock.monotonicMs());
    this.#bucket = bucket ?? this.#bucket;
    return bucket !== undefined;
  }

  /** Those left out are told as a number, once there is room. */
  #tellLater(): void {
    const { clock, config } = this.#parts;
    this.#cancel ??= clock.after(Math.max(1, nextTokenMs(this.#bucket, config) - clock.monotonicMs()), () => {
      this.#cancel = undefined;
      if (this.#leftOut === 0) return;
      if (!this.#take()) return this.#tellLater();
      this.#tell({ id: `more/${clock.epochMs()}`, on: "more", title: "octo", text: `${this.#leftOut} more; see octo tasks and octo asks` });
    });
  }

  #tell(notice: Notice): void {
    const text = this.#leftOut > 0 && notice.on !== "more" ? `${notice.text} (and ${this.#leftOut} more)` : notice.text;
    this.#leftOut = 0;
    this.#parts.tell({ ...notice, text });
  }
}

function subjectOf({ on, task, ask }: HappeningView): string | undefined {
  if (ask) return ask.id;
  return task && on !== "task.started" ? `${task.id} ${on.slice("task.".length)}` : undefined;
}
