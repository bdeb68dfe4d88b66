import { type HappeningView, matchesKind } from "../../../shared/happening";
import type { Config } from "../../config/config";
import type { Happening } from "../../core/happening";
import type { CoreState } from "../../core/state";
import type { Now } from "../../core/time";
import type { Clock } from "../../ports/clock";
import type { CommandEnd, Commands } from "../../ports/commands";
import type { Store, StoredHappening } from "../../ports/store";
import { CommandQueue } from "./command-queue";
import { happeningView } from "./happening-view";
import type { HookLog } from "./hook-log";

type Hook = Config["hooks"][number];

export interface HooksParts {
  readonly hooks: readonly Hook[];
  readonly commands: Commands;
  readonly log: HookLog;
  readonly store: Pick<Store, "happenings" | "settle">;
  readonly clock: Clock;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

const atOnceMax = 4;
const waitingMax = 256;
/** Settled ones are forgotten together: each write waits for the disk, and a repetition does no harm. */
const settleEveryMs = 1_000;

/**
 * Runs the user's commands on what happens, at least once each: what a hook must be told of is stored with the turn that made it
 * happen, and forgotten once its hooks have ended. Nothing waits for them.
 */
export class Hooks {
  readonly #parts: HooksParts;
  readonly #queue: CommandQueue;
  readonly #settled: string[] = [];
  #cancelSettling: (() => void) | undefined;
  #stopped = false;

  constructor(parts: HooksParts) {
    this.#parts = parts;
    this.#queue = new CommandQueue(parts.commands, { atOnceMax, waitingMax });
  }

  /** Those that a hook wants to be told of, as the store keeps them until then. */
  outbox(happenings: readonly Happening[], state: CoreState, now: Now): readonly StoredHappening[] {
    return happenings
      .filter(({ kind }) => this.#wanting(kind).length > 0)
      .map((happening) => ({ id: happening.id, json: JSON.stringify(happeningView(happening, state, now)) }));
  }

  /** Runs first what an earlier bridge did not come to. */
  start(): void {
    if (this.#stopped) return;
    for (const { id, json } of this.#parts.store.happenings()) this.#tell(id, kindOf(id), json);
    this.#queue.start();
  }

  /** Committed just now. */
  note(happenings: readonly HappeningView[]): void {
    for (const view of happenings) if (this.#wanting(view.on).length > 0) this.#tell(view.id, view.on, JSON.stringify(view));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#queue.stop();
    this.#cancelSettling?.();
    this.#forget();
    await this.#parts.log.idle();
  }

  #wanting(kind: string): readonly Hook[] {
    return this.#parts.hooks.filter(({ on }) => [on].flat().some((pattern) => matchesKind(pattern, kind)));
  }

  #tell(id: string, on: string, json: string): void {
    const runs = this.#wanting(on).map(async ({ run, timeoutMs }) => {
      const end = await this.#queue.run({ command: run, stdin: `${json}\n`, timeoutMs });
      if (end !== "dropped" && end.outcome === "given-up") return false;
      this.#note({ id, on, command: run }, end);
      return true;
    });
    void Promise.all(runs).then((done) => {
      if (done.every((each) => each)) this.#settle(id);
    });
  }

  #note(what: { readonly id: string; readonly on: string; readonly command: readonly string[] }, end: CommandEnd | "dropped"): void {
    const at = new Date(this.#parts.clock.epochMs()).toISOString();
    const dropped = { outcome: "dropped", detail: `${waitingMax} were waiting already`, output: "", durationMs: 0 };
    this.#parts.log.add({ at, ...what, ...(end === "dropped" ? dropped : end) });
  }

  #settle(id: string): void {
    this.#settled.push(id);
    if (this.#stopped || this.#cancelSettling) return;
    this.#cancelSettling = this.#parts.clock.after(settleEveryMs, () => this.#forget());
  }

  #forget(): void {
    this.#cancelSettling = undefined;
    if (this.#settled.length === 0) return;
    try {
      this.#parts.store.settle(this.#settled);
      this.#settled.length = 0;
    } catch (thrown) {
      this.#parts.warn("hooks that have run are still in the store, and would run again after a restart", { reason: String(thrown) });
    }
  }
}

/** Ids begin with the kind. */
function kindOf(id: string): string {
  return id.slice(0, id.indexOf("/"));
}
