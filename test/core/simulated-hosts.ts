import type { Effect } from "../../bridge/core/effect";
import type { Event } from "../../bridge/core/event";
import type { Host } from "../../bridge/core/host";
import type { HostFigures, PartitionPolicy } from "../../shared/host";
import type { HostId } from "../../shared/ids";
import { hostId, local } from "../fakes/samples";
import type { Outside } from "./outside";
import { fromOf, type Server } from "./simulated-servers";
import { error } from "./steps";

/** The fence fires at some time between the two: so long after the link was cut at the earliest, and before the grace is over. */
const fenceMs = 4_000;
const partitionGraceMs = 12_000;

export const alpha = hostId("alpha");

export const calm: HostFigures = {
  load: 0,
  cores: 4,
  memoryFreeBytes: 8 * 1024 ** 3,
  memoryTotalBytes: 16 * 1024 ** 3,
  diskFreeBytes: 100 * 1024 ** 3,
  roundTripMs: 1,
};

/** A machine as it is; the bridge hears of it later. */
interface Machine {
  readonly onPartition: PartitionPolicy;
  /** Since when nothing gets through. */
  cutAtMs?: number | undefined;
  /** When its fence fires, if nothing gets through until then. */
  fenceAtMs?: number | undefined;
}

export const home: Host = { id: local, isHome: true, onPartition: "wait", partitionGraceMs: 0, link: { kind: "up" } };

/** The hosts and the links to them. A server that is cut off runs on, until the fence of its host. */
export class SimulatedHosts {
  readonly machines = new Map<HostId, Machine>();
  /** Asked of hosts that are cut off, and tried until it is done. */
  #waiting: Effect[] = [];
  readonly #outside: Outside;
  readonly #random: () => number;

  constructor(outside: Outside, random: () => number) {
    this.#outside = outside;
    this.#random = random;
  }

  isCut(id: HostId): boolean {
    return this.machines.get(id)?.cutAtMs !== undefined;
  }

  /** What the core is told of a new one: it is being connected. */
  add(id: HostId, onPartition: PartitionPolicy): Event {
    this.machines.set(id, { onPartition });
    this.tell(id);
    const link = { kind: "down", sinceMs: this.#outside.nowMs, reason: error("HOST_UNREACHABLE") } as const;
    return { kind: "host-added", host: { id, isHome: false, onPartition, partitionGraceMs, link } };
  }

  cut(id: HostId): void {
    const machine = this.machines.get(id);
    if (!machine || machine.cutAtMs !== undefined) return;
    const { nowMs } = this.#outside;
    machine.cutAtMs = nowMs;
    const fenceTakesMs = fenceMs + Math.floor(this.#random() * (partitionGraceMs - fenceMs));
    machine.fenceAtMs = machine.onPartition === "move" ? nowMs + fenceTakesMs : undefined;
    for (const server of this.#serversOf(id)) this.#outside.loseStream(server);
    this.tell(id);
  }

  /** The link is there again: it tells which servers have ended meanwhile, and what was tried until then can be done. */
  join(id: HostId): void {
    const machine = this.machines.get(id);
    if (!machine || machine.cutAtMs === undefined) return;
    machine.cutAtMs = undefined;
    machine.fenceAtMs = undefined;
    this.tell(id);
    for (const server of this.#serversOf(id)) this.exitHeard(server);
    for (const effect of this.#waiting) this.#outside.pending.push({ effect, askedAtMs: this.#outside.nowMs });
    this.#waiting = [];
  }

  /** News of the link as it is. */
  tell(id: HostId): void {
    const reason = error(this.#random() < 0.5 ? "HOST_LINK_LOST" : "HOST_UNREACHABLE");
    const event: Event = this.isCut(id) ? { kind: "host-lost", hostId: id, reason } : { kind: "host-connected", hostId: id };
    this.#outside.post(channelOf(id), event);
  }

  /** News that the link is back come before anything that takes time: the fence looks for a sign of the bridge again from then on. */
  firstNews(): Event | undefined {
    const { inFlight } = this.#outside;
    const back = inFlight.find(({ event }) => event.kind === "host-connected");
    const index = inFlight.findIndex(({ channel }) => channel === back?.channel);
    return index < 0 ? undefined : inFlight.splice(index, 1)[0]?.event;
  }

  /** Time has passed: fences fire. */
  timeIs(nowMs: number): void {
    for (const [id, { fenceAtMs }] of this.machines) if (fenceAtMs !== undefined && nowMs >= fenceAtMs) this.#fire(id);
  }

  /** No bridge gave a sign for long. */
  silence(): void {
    for (const [id, { onPartition }] of this.machines) if (onPartition === "move") this.#fire(id);
  }

  /** The bridge died: it knows nothing of any link. */
  forget(): void {
    this.#waiting = [];
    for (const server of this.#outside.servers.servers.values()) server.exitUnheard = false;
  }

  /** The person gave the host up: what runs there runs on, and nobody hears of it. */
  leave(id: HostId): void {
    this.machines.delete(id);
    const { inFlight } = this.#outside;
    this.#outside.inFlight = inFlight.filter(({ channel }) => channel !== channelOf(id));
    for (const server of this.#serversOf(id)) {
      server.left = true;
      server.streaming = false;
      server.watched = false;
    }
    this.#waiting = this.#waiting.filter((effect) => !("instance" in effect) || effect.instance.host !== id);
  }

  /** Whether the effect is one that is tried until its host can be reached. */
  waits(effect: Effect): boolean {
    if (!("instance" in effect) || !this.isCut(effect.instance.host)) return false;
    const { kind } = effect;
    if (kind !== "adopt-instance" && kind !== "stop-instance" && kind !== "kill-instance" && kind !== "sweep-instance") return false;
    this.#waiting.push(effect);
    return true;
  }

  /** The end of a server is heard when its host can be reached. */
  exitHeard(server: Server): void {
    if (!server.exitUnheard || server.left || this.isCut(server.host)) return;
    server.exitUnheard = false;
    const exited: Event = { ...fromOf(server), kind: "instance-exited", error: error("INSTANCE_EXITED") };
    this.#outside.post(`process ${server.id}`, exited);
  }

  #fire(id: HostId): void {
    const machine = this.machines.get(id);
    if (machine) machine.fenceAtMs = undefined;
    for (const server of this.#serversOf(id)) {
      if (!server.alive) continue;
      // It disposes first, where it can.
      if (this.#random() < 0.5) for (const turn of server.turns.values()) this.#outside.servers.abort(server, turn.sessionId);
      this.#outside.crash(server);
    }
  }

  #serversOf(id: HostId): readonly Server[] {
    return [...this.#outside.servers.servers.values()].filter(({ host, left }) => host === id && !left);
  }
}

function channelOf(id: HostId): string {
  return `host ${id}`;
}
