import type { Clock } from "../../bridge/ports/clock";
import type { World } from "./world";

/** Thrown through the dying bridge, which nobody hears any more. */
export class Killed extends Error {}

/**
 * One process of the bridge as the outside meets it: alive, stopped for a while, or dead. What comes for a stopped one waits; what comes
 * for a dead one is never heard, and nothing that it had begun goes on.
 */
export class BridgeLife {
  alive = true;
  readonly clock: Clock;
  readonly #world: World;
  readonly #deathCalls: (() => void)[] = [];
  #waiting: (() => void)[] = [];
  #isFrozen = false;

  constructor(world: World) {
    this.#world = world;
    this.clock = {
      monotonicMs: world.monotonicMs,
      epochMs: world.epochMs,
      soon: (call) => world.time.after(0, () => this.deliver(call)),
      after: (delayMs, call) => world.time.after(delayMs, () => this.deliver(call)),
    };
  }

  get isRunning(): boolean {
    return this.alive && !this.#isFrozen;
  }

  onDeath(call: () => void): void {
    if (this.alive) this.#deathCalls.push(call);
    else call();
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#waiting = [];
    for (const call of this.#deathCalls.splice(0)) call();
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  /** What waited comes first, in order. */
  thaw(): void {
    const next = this.#waiting.shift();
    if (!next) {
      this.#isFrozen = false;
      return;
    }
    next();
    this.#world.time.after(this.#world.chance.between(0, 1), () => this.thaw());
  }

  /** News from outside, or a timer. */
  deliver(call: () => void): void {
    if (!this.alive) return;
    if (this.#isFrozen) this.#waiting.push(call);
    else call();
  }

  /** Between two writes: the bridge may be killed here. False when it is dead. */
  goesOn(where: string): boolean {
    if (this.alive && this.#world.chance.happens(this.#world.faults.kill)) {
      this.#world.trace(() => `the bridge is killed ${where}`);
      this.kill();
    }
    return this.alive;
  }

  /** Something that this process does itself, `delayMs` from now; it may be killed before or after. */
  async work<Result>(what: string, delayMs: number, perform: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (!this.goesOn(`before ${what}`)) return;
      this.clock.after(delayMs, () => {
        try {
          const result = perform();
          if (this.goesOn(`after ${what}`)) resolve(result);
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
  }
}
