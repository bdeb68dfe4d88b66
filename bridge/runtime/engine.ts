import type { ErrorInfo } from "../../shared/errors";
import type { InstanceId, TaskId } from "../../shared/ids";
import { nextDeadlineMs } from "../core/deadlines";
import type { Effect } from "../core/effect";
import type { Event } from "../core/event";
import type { Happening } from "../core/happening";
import { type reduce, withoutEnded } from "../core/reduce";
import type { CoreState } from "../core/state";
import type { Task } from "../core/task";
import type { Now } from "../core/time";
import { OctoError, toErrorInfo } from "../octo-error";
import type { Clock } from "../ports/clock";
import type { CommitBatch, RequestRecord, Store, StoredHappening } from "../ports/store";
import { type EngineClock, lookEveryMs } from "./engine-clock";
import { type PreparedTurn, prepareTurn } from "./prepare-turn";
import type { Waiting } from "./reduce-turn";

/** One committed turn, for those who watch. `state` still holds the tasks that this turn ended. */
export interface CommittedTurn {
  readonly state: CoreState;
  readonly changedTasks: ReadonlySet<TaskId>;
  readonly changedInstances: ReadonlySet<InstanceId>;
  readonly asksChanged: boolean;
  /** Ended before this turn; something about them is known that was not at their end. */
  readonly amendedTasks: readonly Task[];
  readonly happenings: readonly Happening[];
  readonly now: Now;
}

export interface EngineParts {
  readonly clock: Clock;
  readonly engineClock: EngineClock;
  readonly store: Pick<Store, "commit">;
  readonly state: CoreState;
  readonly reduce: typeof reduce;
  /** Starts an effect; must not throw, answers by `post`. */
  readonly run: (effect: Effect) => void;
  readonly publish: (turn: CommittedTurn) => void;
  /** A fault of octo that nobody can be told of: the process must end. */
  readonly crash: (thrown: unknown) => void;
  /** Those of them to store with the turn, as documents. */
  readonly outbox?: ((happenings: readonly Happening[], state: CoreState, now: Now) => readonly StoredHappening[]) | undefined;
  /** How long each commit took. */
  readonly onCommit?: ((tookMs: number) => void) | undefined;
  /** The store refuses, for another reason than before, or takes writes again. */
  readonly onStoreChange?: () => void;
  /** The bridge slept or was stopped for this long. */
  readonly onGap?: (gapMs: number) => void;
}

/** What a client asked for: one event or more, all of them in one turn, with the record that makes a repeat harmless. */
export interface Command {
  readonly events: readonly Event[];
  readonly record?: RequestRecord | undefined;
  /** New documents of ended tasks, which the core does not know any more. One that lives again meanwhile is left alone. */
  readonly amended?: readonly Task[] | undefined;
}

interface Pending extends Waiting {
  /** Whoever waits for it; nobody waits for news. */
  readonly asked?: { readonly command: Command; readonly settle: (error?: unknown) => void };
}

/** A turn that is on the disk: `done` are those that waited and are in it. */
interface TakenTurn extends PreparedTurn {
  readonly done: readonly Pending[];
}

/** The longest sleep of the tick timer: Node's timers overflow past 2^31 ms. */
const tickMaxMs = 60_000;
const commitRetryMs = 1_000;

/**
 * The single writer: events in order, reduced, committed in one transaction, and only then acted upon and published. What is more than
 * one turn goes (see `reduceTurn`) waits for the next, and the event loop runs in between. When the store refuses, commands are refused with
 * its code, and everything else waits and is tried again: nothing is lost. Where the core throws, a command is refused (INTERNAL), and
 * news end the bridge.
 */
export class Engine {
  readonly #parts: EngineParts;
  #state: CoreState;
  #waiting: Pending[] = [];
  #scheduled = false;
  #stopped = false;
  #storeError: ErrorInfo | undefined;
  #cancelTick: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#state = parts.state;
  }

  get state(): CoreState {
    return this.#state;
  }

  get storeError(): ErrorInfo | undefined {
    return this.#storeError;
  }

  now(): Now {
    return this.#parts.engineClock.now();
  }

  start(): void {
    this.post({ kind: "bridge-started" });
    this.#look();
  }

  /** Takes no more events; what is committed stays, what is not is found again by the next bridge. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTick();
    this.#cancelLook();
    this.#cancelRetry();
    for (const { asked } of this.#waiting.splice(0)) asked?.settle(stopping());
  }

  post(event: Event): void {
    if (this.#stopped) return;
    this.#waiting.push({ events: [event] });
    this.#schedule();
  }

  /** Settles once the command is committed. Raises the store's code, BRIDGE_STOPPING or INTERNAL; then nothing of it has happened. */
  command(command: Command): Promise<void> {
    if (this.#stopped) return Promise.reject(stopping());
    return new Promise((resolve, reject) => {
      const settle = (error?: unknown) => (error === undefined ? resolve() : reject(error));
      this.#waiting.push({ events: command.events, asked: { command, settle } });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // What arrives together is committed together.
    this.#parts.clock.soon(() => {
      this.#scheduled = false;
      if (!this.#stopped) this.#turn();
    });
  }

  #turn(): void {
    const now = this.#parts.engineClock.now();
    const gapMs = this.#parts.engineClock.takeGapMs();
    if (gapMs > 0) {
      this.#parts.onGap?.(gapMs);
      this.#waiting.unshift({ events: [{ kind: "bridge-resumed", gapMs }] });
    }
    const turn = this.#takeTurn(now);
    if (turn) this.#act(turn);
    this.#setTick(now);
  }

  /** Reduces and stores what waits, as far as one turn goes; undefined when the store refuses it, or where octo is at fault. */
  #takeTurn(now: Now): TakenTurn | undefined {
    const prepared = this.#prepare(now);
    if (!prepared) return undefined;
    try {
      if (prepared.batch) this.#commit(prepared.batch);
    } catch (thrown) {
      this.#refuse(toErrorInfo(thrown));
      return undefined;
    }
    return { ...prepared, done: this.#waiting.splice(0, prepared.taken) };
  }

  #prepare(now: Now): PreparedTurn | undefined {
    try {
      return prepareTurn(this.#parts, this.#state, this.#waiting, now);
    } catch (thrown) {
      this.#blame(thrown, this.#waiting.shift()?.asked);
      return undefined;
    }
  }

  /** Whoever asked is told. News can be neither refused nor left out. */
  #blame(fault: unknown, asked: Pending["asked"]): void {
    if (asked) {
      asked.settle(fault);
      if (this.#waiting.length > 0) this.#schedule();
    } else {
      this.#parts.crash(fault);
      this.stop();
    }
  }

  /** What fails here is no refusal: the turn is stored, and must not be taken twice. */
  #act({ committed, effects, done }: TakenTurn): void {
    this.#state = withoutEnded(committed.state);
    this.#noteStore(undefined);
    this.#cancelRetry();
    for (const effect of effects) this.#parts.run(effect);
    this.#parts.publish(committed);
    for (const { asked } of done) asked?.settle();
    if (this.#waiting.length > 0) this.#schedule();
  }

  #commit(batch: CommitBatch): void {
    const { clock, store, onCommit } = this.#parts;
    const startedAtMs = clock.monotonicMs();
    store.commit(batch);
    onCommit?.(clock.monotonicMs() - startedAtMs);
  }

  #refuse(error: ErrorInfo): void {
    this.#noteStore(error);
    const waiting = this.#waiting.splice(0);
    // The outside has moved on and will not say it again: keep what it said, in order, before anything newer.
    this.#waiting.push(...waiting.filter(({ asked, events }) => !asked && events[0]?.kind !== "tick"));
    for (const { asked } of waiting) asked?.settle(new OctoError(error.code, error.message));
    this.#cancelRetry();
    this.#cancelRetry = this.#parts.clock.after(commitRetryMs, () => this.#schedule());
  }

  #noteStore(error: ErrorInfo | undefined): void {
    const before = this.#storeError;
    this.#storeError = error;
    if (error?.code !== before?.code) this.#parts.onStoreChange?.();
  }

  #setTick(now: Now): void {
    this.#cancelTick();
    const dueMs = nextDeadlineMs(this.#state, now.ms);
    if (dueMs === undefined || this.#stopped) return;
    const delayMs = Math.min(Math.max(dueMs - now.ms, 1), tickMaxMs);
    this.#cancelTick = this.#parts.clock.after(delayMs, () => this.post({ kind: "tick" }));
  }

  /** An idle engine still looks at its clock, so that only real gaps are gaps. */
  #look(): void {
    this.#cancelLook = this.#parts.clock.after(lookEveryMs, () => {
      this.#parts.engineClock.now();
      const gapMs = this.#parts.engineClock.takeGapMs();
      if (gapMs > 0) {
        this.#parts.onGap?.(gapMs);
        this.post({ kind: "bridge-resumed", gapMs });
      }
      if (!this.#stopped) this.#look();
    });
  }
}

function stopping(): OctoError {
  return new OctoError("BRIDGE_STOPPING", "the bridge is stopping");
}
