import type { Endpoint, EventStream, ServerNews, StreamHandlers } from "../../bridge/ports/opencode";
import type { BridgeLife } from "./bridge-life";
import type { Listener, SimulatedServer } from "./simulated-server";
import type { World } from "./world";

const heartbeatMs = 10_000;
const silentMs = 30_000;

/** The stream of one server as one bridge hears it; opens again by itself until closed. */
export class SimulatedStream implements EventStream, Listener {
  readonly #world: World;
  readonly #life: BridgeLife;
  readonly #endpoint: Endpoint;
  readonly #handlers: StreamHandlers;
  #server: SimulatedServer | undefined;
  #closed = false;
  #told = false;
  #heardAtMs = 0;
  /** No news arrives before the one sent before it. */
  #lastAtMs = 0;

  constructor(parts: { readonly world: World; readonly life: BridgeLife; readonly endpoint: Endpoint; readonly handlers: StreamHandlers }) {
    this.#world = parts.world;
    this.#life = parts.life;
    this.#endpoint = parts.endpoint;
    this.#handlers = parts.handlers;
    parts.life.onDeath(() => this.#end());
    this.#open();
  }

  async close(): Promise<void> {
    this.#end();
  }

  #end(): void {
    this.#closed = true;
    this.#server?.listeners.delete(this);
    this.#server = undefined;
  }

  #open(): void {
    const { chance, time } = this.#world;
    this.#life.clock.after(chance.between(1, 20), () => {
      if (this.#closed) return;
      const server = this.#world.serverOf(this.#endpoint);
      if (!server) return this.broken();
      if (server.trouble !== "none" || !server.ready) {
        this.#life.clock.after(5_000, () => this.broken());
        return;
      }
      this.#server = server;
      this.#lastAtMs = time.nowMs;
      this.#heardAtMs = time.nowMs;
      server.listeners.add(this);
      this.#hear(() => {
        this.#told = false;
        this.#handlers.opened();
        this.#handlers.alive();
      });
      this.#beat(server);
    });
  }

  #beat(server: SimulatedServer): void {
    const { time } = this.#world;
    this.#life.clock.after(heartbeatMs, () => {
      if (this.#server !== server) return;
      if (server.trouble === "none") {
        this.#heardAtMs = time.nowMs;
        this.#hear(() => this.#handlers.alive());
      } else if (time.nowMs - this.#heardAtMs >= silentMs) return this.broken();
      this.#beat(server);
    });
  }

  /** Cut, silent or refused: said once a loss, then tried again. */
  broken(): void {
    if (this.#closed) return;
    this.#server?.listeners.delete(this);
    this.#server = undefined;
    if (!this.#told) this.#hear(() => this.#handlers.lost({ code: "INSTANCE_UNRESPONSIVE", message: "the stream broke" }));
    this.#told = true;
    this.#life.clock.after(this.#world.chance.span(100, 3_000), () => this.#open());
  }

  carry(news: ServerNews): void {
    const { chance, faults, time } = this.#world;
    if (this.#server?.trouble !== "none" || chance.happens(faults.newsLost)) return;
    const times = chance.happens(faults.newsDoubled) ? 2 : 1;
    for (let each = 0; each < times; each += 1) {
      const isLate = chance.happens(faults.newsLate);
      const atMs = time.nowMs + (isLate ? chance.span(100, 10_000) : chance.between(0, 20));
      // A late one is overtaken by those after it.
      const heardAtMs = isLate ? atMs : Math.max(atMs, this.#lastAtMs);
      if (!isLate) this.#lastAtMs = heardAtMs;
      time.after(heardAtMs - time.nowMs, () => this.#hear(() => this.#handlers.news(news)));
    }
  }

  #hear(call: () => void): void {
    this.#life.deliver(() => {
      if (!this.#closed) call();
    });
  }
}
