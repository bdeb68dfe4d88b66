import type { Event } from "../../bridge/core/event";
import type { ActiveTask } from "../../bridge/core/task";
import type { Outside } from "./outside";
import { alpha, calm, home } from "./simulated-hosts";
import { checkMoved } from "./walk-host-checks";
import type { World } from "./world";

/** How a history ends for the host: it is there, it is given up, or it stays away until its fence has fired. */
const endings = ["back", "forgotten", "away"] as const;

/** So long a host stays away after its grace in kind times, so that what was moved can end elsewhere. */
const awayMs = 60_000;

interface Means {
  readonly random: () => number;
  readonly send: (event: Event) => void;
}

/** What happens to a host and its link, and what people do with it. */
export class WalkHosts {
  readonly #world: World;
  readonly #outside: Outside;
  readonly #random: () => number;
  readonly #send: (event: Event) => void;
  readonly #ending: (typeof endings)[number];
  #awayUntilMs = 0;

  constructor(world: World, outside: Outside, { random, send }: Means) {
    this.#world = world;
    this.#outside = outside;
    this.#random = random;
    this.#send = send;
    this.#ending = outside.pick(endings) ?? "back";
  }

  begin(): void {
    this.#send({ kind: "host-added", host: home });
    this.#add();
  }

  act(): void {
    const { hosts } = this.#outside;
    const draw = this.#random();
    if (!this.#world.state.hosts.has(alpha)) return draw < 0.3 ? this.#add() : undefined;
    const isCut = hosts.isCut(alpha);
    if (isCut && draw < 0.2) return hosts.join(alpha);
    if (isCut && draw < 0.4) return this.#cancel();
    // Where no prompt was sent a cut finds little.
    const isPrompted = this.#atWork().some(({ state: { attempt } }) => attempt.sends > 0 && attempt.phase.kind !== "collecting");
    if (!isCut && draw < (isPrompted ? 0.6 : 0.1)) return this.#cut();
    if (draw < 0.65) return this.#measure(this.#random() < 0.3 ? 0 : calm.diskFreeBytes);
    if (draw < 0.75) return hosts.tell(alpha);
    if (draw < 0.85) return this.#crash();
    if (draw < 0.87) return this.#remove();
    if (draw < 0.88) this.#forget();
  }

  /** The fence looks at its clock; what was heard of the link comes first. */
  beforeTime(): void {
    for (let news = this.#outside.hosts.firstNews(); news; news = this.#outside.hosts.firstNews()) this.#send(news);
  }

  bridgeAway(): void {
    if (this.#random() < 0.3) this.#outside.hosts.silence();
  }

  bridgeBegan(): void {
    if (this.#outside.hosts.machines.has(alpha)) this.#outside.hosts.tell(alpha);
  }

  beginKindness(): void {
    const { hosts } = this.#outside;
    const machine = hosts.machines.get(alpha);
    if (!machine) return;
    this.#measure(calm.diskFreeBytes);
    if (this.#ending === "forgotten") return this.#forget();
    if (this.#ending === "back" || machine.onPartition === "wait") return hosts.join(alpha);
    hosts.cut(alpha);
    this.#awayUntilMs = this.#world.nowMs + awayMs;
  }

  /** The host comes back at last; false when it is not away, or not for long enough. */
  comesBack(): boolean {
    const { hosts } = this.#outside;
    if (!hosts.isCut(alpha)) return false;
    const isLong = this.#world.nowMs >= this.#awayUntilMs;
    if (!isLong && this.#world.deadlineMs !== undefined) return false;
    checkMoved(this.#world, alpha);
    hosts.join(alpha);
    return true;
  }

  #add(): void {
    this.#send(this.#outside.hosts.add(alpha, this.#random() < 0.6 ? "move" : "wait"));
  }

  #cut(): void {
    // Its servers may end just before that, and be known to have ended or not.
    if (this.#random() < 0.3) this.#crash();
    this.#outside.hosts.cut(alpha);
    if (this.#random() < 0.3) this.#crash();
  }

  #crash(): void {
    const { servers } = this.#outside;
    const server = this.#outside.pick(servers.living().filter(({ host, left }) => host === alpha && !left));
    if (server) this.#outside.crash(server);
  }

  /** Somebody gives up what hangs there. */
  #cancel(): void {
    const task = this.#outside.pick(this.#atWork());
    if (task) this.#send({ kind: "task-cancel-requested", taskId: task.id });
  }

  #atWork(): readonly ActiveTask[] {
    return this.#world.state.tasks.active().filter(({ state: { attempt } }) => attempt.host === alpha);
  }

  #measure(diskFreeBytes: number): void {
    this.#send({ kind: "host-measured", hostId: alpha, figures: { ...calm, load: Math.floor(this.#random() * 5), diskFreeBytes } });
  }

  /** As the bridge does it: not while it works on something, and once its servers are ended. */
  #remove(): void {
    const { state } = this.#world;
    const instances = [...state.instances.values()].filter(({ host }) => host === alpha);
    if (this.#atWork().length > 0) return;
    for (const { id } of instances) this.#send({ kind: "instance-stop-requested", instanceId: id, next: "remove", drain: false });
    if (instances.length === 0) this.#forget();
  }

  #forget(): void {
    this.#outside.hosts.leave(alpha);
    this.#send({ kind: "host-removed", hostId: alpha });
  }
}
