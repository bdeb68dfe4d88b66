import type { Effect, InstanceEffect } from "../../bridge/core/effect";
import type { Event, FromInstance } from "../../bridge/core/event";
import type { Instance } from "../../bridge/core/instance";
import type { Ask } from "../../shared/ask";
import type { AskId, InstanceId } from "../../shared/ids";
import { askId } from "../fakes/samples";
import { answerAsk } from "./outside-asks";
import { answerAttempt } from "./outside-attempts";
import { SimulatedHosts } from "./simulated-hosts";
import { fromOf, type Server, SimulatedServers, type Turn } from "./simulated-servers";
import { error } from "./steps";

/** What may go wrong, each with a probability; 0 in kind times. */
export interface Faults {
  readonly rate: number;
}

const effectTimeoutMs = 15_000;

interface Late {
  readonly server: Server;
  readonly incarnation: number;
  readonly prompt: Parameters<SimulatedServers["receive"]>[1];
  readonly byMs: number;
}

interface InFlight {
  /** News of one channel arrives in order; channels overtake each other. */
  readonly channel: string;
  readonly event: Event;
}

/** Everything that answers the core, at its own pace: effects wait until `perform`, their answers until `deliver`. */
export class Outside {
  readonly servers = new SimulatedServers();
  readonly hosts: SimulatedHosts;
  /** As the bridge knows them. */
  instances: ReadonlyMap<InstanceId, Instance> = new Map();
  readonly asks = new Map<AskId, Ask>();
  pending: { readonly effect: Effect; readonly askedAtMs: number }[] = [];
  inFlight: InFlight[] = [];
  /** Prompts that a server has accepted and not stored yet. */
  late: Late[] = [];
  nowMs = 0;
  faults: Faults = { rate: 0 };
  readonly #random: () => number;
  #names = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.hosts = new SimulatedHosts(this, random);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }

  fails(weight = 1): boolean {
    return this.#random() < this.faults.rate * weight;
  }

  name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  /** The bridge died: what it had asked and what was on its way is gone; the servers live on. */
  forget(): void {
    this.pending = [];
    this.inFlight = [];
    this.hosts.forget();
    for (const server of this.servers.servers.values()) {
      server.streaming = false;
      server.watched = false;
    }
  }

  /** The next event to arrive, of a channel drawn at random. */
  deliver(): Event | undefined {
    const channels = [...new Set(this.inFlight.map(({ channel }) => channel))];
    const channel = this.pick(channels);
    const index = this.inFlight.findIndex((each) => each.channel === channel);
    if (index < 0) return undefined;
    return this.inFlight.splice(index, 1)[0]?.event;
  }

  ask(effects: readonly Effect[], nowMs: number): void {
    for (const effect of effects) this.pending.push({ effect, askedAtMs: nowMs });
  }

  /** Does one of the effects asked for, the oldest when its time is up; its answer is on its way then. */
  perform(nowMs = 0): void {
    const overdue = this.isOverdue(nowMs);
    const [next] = this.pending.splice(overdue ? 0 : Math.floor(this.#random() * this.pending.length), 1);
    if (!next) return;
    const { effect } = next;
    if (effect.kind === "forget-directory" || this.hosts.waits(effect)) return;
    if (effect.kind === "answer-ask") answerAsk(this, effect.ask);
    else if ("fence" in effect) answerAttempt(this, effect);
    else this.#instance(effect);
  }

  /** Stores a late prompt: one that has to be by then, or any. False when there is none. */
  storeLate(byMs = Number.POSITIVE_INFINITY): boolean {
    const index = this.late.findIndex((each) => each.byMs <= byMs);
    const [next] = index < 0 ? [] : this.late.splice(index, 1);
    if (!next) return false;
    const { server, incarnation, prompt } = next;
    if (server.alive && server.incarnation === incarnation) this.servers.receive(server, prompt, false);
    return true;
  }

  /** Every effect has a deadline of its own. */
  isOverdue(nowMs: number): boolean {
    const [oldest] = this.pending;
    return oldest !== undefined && nowMs > oldest.askedAtMs + effectTimeoutMs;
  }

  /** News of the stream, if anybody listens. */
  news(server: Server, event: Event): void {
    if (server.streaming) this.post(`stream ${server.id}`, event);
  }

  settled(server: Server, turn: Turn): void {
    this.news(server, { ...fromOf(server), kind: "turn-settled", sessionId: turn.sessionId });
  }

  crash(server: Server): void {
    this.#closeAsks(server);
    this.servers.end(server);
    server.exitUnheard = true;
    this.hosts.exitHeard(server);
  }

  measure(server: Server, rssBytes: number): void {
    if (this.canHear(server)) this.post(`process ${server.id}`, { ...fromOf(server), kind: "instance-measured", rssBytes });
  }

  openAsk(server: Server, turn: Turn): void {
    const id = askId(this.name("per_"));
    const { sessionId } = turn;
    const content = { kind: "permission", permission: "bash", patterns: [], always: [], patternsLeftOut: 0, details: [] } as const;
    const ask: Ask = { id, instanceId: server.id, sessionId, rootSessionId: sessionId, directory: "/repo", content, askedAtEpochMs: 0 };
    turn.asks.add(id);
    this.asks.set(id, ask);
    this.news(server, { ...fromOf(server), kind: "ask-opened", ask });
  }

  loseStream(server: Server): void {
    this.news(server, { ...fromOf(server), kind: "stream-lost" });
    server.streaming = false;
  }

  openStream(server: Server): void {
    server.streaming = true;
    this.news(server, { ...fromOf(server), kind: "stream-opened" });
  }

  post(channel: string, event: Event): void {
    this.inFlight.push({ channel, event });
  }

  #closeAsks(server: Server): void {
    for (const turn of server.turns.values()) for (const id of turn.asks) this.asks.delete(id);
  }

  #instance({ kind, instance }: InstanceEffect): void {
    const from: FromInstance = { instanceId: instance.id, incarnation: instance.incarnation };
    const life = (event: Event) => this.post(`process ${instance.id}`, event);
    const server = this.servers.servers.get(instance.id);
    if (server?.left) return;
    const reached = this.reached(instance.id, instance.incarnation);
    switch (kind) {
      case "launch-instance": {
        const isCut = this.hosts.isCut(instance.host);
        // It may have begun before the link was gone.
        if (isCut && this.fails()) this.servers.launch(instance);
        if (isCut) return life({ ...from, kind: "instance-start-failed", error: error("HOST_UNREACHABLE"), fatal: false });
        if (this.fails())
          return life({ ...from, kind: "instance-start-failed", error: error("PROCESS_START_FAILED"), fatal: this.fails(0.3) });
        life({ ...from, kind: "instance-launched", identity: this.servers.launch(instance), port: 41_001 });
        return life({ ...from, kind: "instance-answered", version: "1.18.33" });
      }
      case "adopt-instance": {
        if (!server?.alive) return life({ ...from, kind: "instance-exited", error: error("INSTANCE_EXITED") });
        life({ ...from, kind: "instance-adopted", identity: { pid: 1, startTime: "1", bootId: "boot" } });
        if (instance.state.kind === "starting") return life({ ...from, kind: "instance-answered", version: "1.18.33" });
        server.watched = true;
        return;
      }
      case "warm-instance":
        return;
      case "watch-instance":
      case "rewatch-instance":
        if (server?.alive && server.incarnation === instance.incarnation) server.watched = true;
        return;
      case "stop-instance":
      case "kill-instance":
      case "sweep-instance":
        if (reached && kind === "stop-instance" && this.#endTurns(reached)) {
          this.pending.push({ effect: { kind, instance }, askedAtMs: Number.NEGATIVE_INFINITY });
          return;
        }
        if (server?.alive && server.incarnation === instance.incarnation) this.#end(server);
        return life({ ...from, kind: kind === "sweep-instance" ? "instance-swept" : "instance-stopped" });
      case "probe-instance":
        if (reached && !this.fails()) return this.post(this.name("probe "), { ...from, kind: "instance-alive" });
        if (server && server.trouble !== "stuck") server.cpuMs += 1_000;
        return this.post(this.name("probe "), {
          ...from,
          kind: "probe-failed",
          cpuMs: server && this.canHear(server) ? server.cpuMs : undefined,
        });
      case "list-asks": {
        const asks = [...this.asks.values()].filter(({ instanceId }) => instanceId === instance.id);
        if (reached) this.post(this.name("list "), { ...from, kind: "asks-listed", asks });
        return;
      }
    }
  }

  /** An orderly stop ends the turns first, and the stream says so. */
  #endTurns(server: Server): boolean {
    const running = [...server.turns.values()].filter(({ state }) => state === "running");
    for (const turn of running) {
      this.servers.abort(server, turn.sessionId);
      this.settled(server, turn);
    }
    return running.length > 0;
  }

  #end(server: Server): void {
    this.#closeAsks(server);
    this.servers.end(server);
  }

  /** The server, if this start of it answers. */
  reached(id: InstanceId, incarnation: number): Server | undefined {
    const server = this.servers.servers.get(id);
    return server?.alive && server.incarnation === incarnation && server.trouble === "none" && this.canHear(server) ? server : undefined;
  }

  /** What it says comes through. */
  canHear({ host, left }: Server): boolean {
    return !left && !this.hosts.isCut(host);
  }
}
