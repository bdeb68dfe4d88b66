import type { Bridges } from "./bridges";
import type { World } from "./world";

const minuteMs = 60_000;

/** What happens to whole processes and machines, now and then, until the world turns kind. */
export class Misfortune {
  readonly #world: World;
  readonly #bridges: Bridges;
  readonly #paceMs: number;
  /** The whole machine is. */
  isAsleep = false;

  constructor(world: World, bridges: Bridges) {
    this.#world = world;
    this.#bridges = bridges;
    this.#paceMs = world.chance.span(5_000, 120_000);
    this.#later();
  }

  #later(): void {
    const { time, chance } = this.#world;
    time.after(this.isAsleep ? 5 * minuteMs : chance.span(100, this.#paceMs), () => {
      if (this.#world.isKind) return;
      if (!this.isAsleep) this.#strike();
      this.#later();
    });
  }

  #strike(): void {
    const { chance } = this.#world;
    const draw = chance.between(0, 99);
    if (draw < 25) return this.#troubleServer();
    if (draw < 45) return chance.pick(this.#world.living())?.kill();
    if (draw < 60) return this.#loseStreams();
    if (draw < 75) return this.#bridges.life.kill();
    if (draw < 85) return this.#bridges.freeze(chance.span(100, 10 * minuteMs));
    if (draw < 92) return this.#sleep();
    if (draw < 96) return this.#jump();
    this.#reboot();
  }

  #troubleServer(): void {
    const { chance, time } = this.#world;
    const server = chance.pick(this.#world.living());
    if (server?.trouble !== "none") return;
    server.fall(chance.happens(0.5) ? "hung" : "cut");
    this.#world.trace(() => `${server.name} is ${server.trouble}`);
    time.after(chance.span(500, 5 * minuteMs), () => server.fall("none"));
  }

  #loseStreams(): void {
    for (const server of this.#world.living()) for (const listener of [...server.listeners]) listener.broken();
  }

  /** The lid is closed, for a minute or a night: nothing on the machine runs. Some monotonic clocks count it, some do not. */
  #sleep(): void {
    const world = this.#world;
    if (!this.#bridges.life.isRunning) return;
    const forMs = world.chance.happens(0.3) ? 8 * 60 * minuteMs : world.chance.span(10_000, 2 * minuteMs);
    const isCounted = world.chance.happens(0.5);
    world.trace(() => "the machine sleeps");
    this.isAsleep = true;
    for (const server of world.living()) server.fall("hung");
    this.#bridges.freeze(forMs);
    world.time.after(forMs - 1, () => {
      world.trace(() => "the machine wakes up");
      this.isAsleep = false;
      if (!isCounted) world.suspendedMs += forMs;
      for (const server of world.living()) server.fall("none");
    });
  }

  #jump(): void {
    this.#world.epochJumpMs += (this.#world.chance.pick([-1, 1, 60, -60]) ?? 0) * minuteMs;
  }

  #reboot(): void {
    this.#world.trace(() => "the machine goes down");
    this.#bridges.life.kill();
    this.#world.reboot();
  }
}
