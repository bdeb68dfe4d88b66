import type { ProcessIdentity } from "../../bridge/core/instance";
import type { Endpoint, LaunchRequest } from "../../bridge/ports/opencode";
import type { InstanceId } from "../../shared/ids";
import { MemoryDisk } from "../fakes/memory-store";
import { Chance } from "./chance";
import { drawFaults, type Faults, noFaults } from "./faults";
import type { PlantedBug } from "./planted-bugs";
import { SimulatedServer } from "./simulated-server";
import type { ServerData } from "./simulated-turn";
import { Truth } from "./truth";
import { VirtualTime } from "./virtual-time";

const epochStartMs = 1_700_000_000_000;
const traceLinesMax = 40_000;

export interface WorldOptions {
  readonly seed: number;
  readonly planted?: PlantedBug | undefined;
  /** Keeps what happened, for a person to read. */
  readonly tracing?: boolean | undefined;
  /** In place of those that the seed draws. */
  readonly faults?: Faults | undefined;
}

/** One machine with its clocks, its disk and the servers that run on it. */
export class World {
  readonly time = new VirtualTime();
  readonly truth = new Truth();
  readonly disk = new MemoryDisk();
  readonly chance: Chance;
  readonly planted: PlantedBug | undefined;
  readonly lines: string[] = [];
  faults: Faults;
  /** Nothing goes wrong any more. */
  isKind = false;
  /** What a monotonic clock does not count. */
  suspendedMs = 0;
  epochJumpMs = 0;
  readonly #tracing: boolean;
  readonly #servers: SimulatedServer[] = [];
  readonly #data = new Map<InstanceId, ServerData>();
  #names = 0;
  #boots = 1;
  #awakeMs = 0;
  #awakeSinceMs: number | undefined;

  constructor({ seed, planted, tracing, faults }: WorldOptions) {
    this.chance = new Chance(seed);
    this.faults = faults ?? drawFaults(this.chance);
    this.planted = planted;
    this.#tracing = tracing ?? false;
  }

  readonly epochMs = (): number => epochStartMs + this.time.nowMs + this.epochJumpMs;

  readonly monotonicMs = (): number => this.time.nowMs - this.suspendedMs;

  name(prefix: string): string {
    this.#names += 1;
    return `${prefix}_${this.#names}`;
  }

  trace(line: () => string): void {
    if (!this.#tracing) return;
    this.lines.push(`${(this.time.nowMs / 1_000).toFixed(3).padStart(10)} ${line()}`);
    if (this.lines.length > traceLinesMax) this.lines.shift();
  }

  /** Time in which a bridge ran: short stops count, as the engine counts them. */
  awakeMs(): number {
    return this.#awakeMs + (this.#awakeSinceMs === undefined ? 0 : this.time.nowMs - this.#awakeSinceMs);
  }

  /** `stoppedMs`: of the stop before, as far as it was too short to be noticed. */
  wakes(stoppedMs = 0): void {
    this.#awakeMs += stoppedMs;
    this.#awakeSinceMs ??= this.time.nowMs;
  }

  sleeps(): void {
    this.#awakeMs = this.awakeMs();
    this.#awakeSinceMs = undefined;
  }

  living(): readonly SimulatedServer[] {
    return this.#servers.filter(({ alive }) => alive);
  }

  serverOf(endpoint: Endpoint): SimulatedServer | undefined {
    return this.#servers.find(({ alive, port }) => alive && endpoint.url.endsWith(`:${port}`));
  }

  launch(request: LaunchRequest): SimulatedServer {
    const earlier = this.living().find(({ instanceId }) => instanceId === request.instanceId);
    if (earlier) this.truth.wrong(`start ${request.incarnation} of ${request.instanceId} while ${earlier.name} lives`);
    const data: ServerData = this.#data.get(request.instanceId) ?? { sessions: new Map(), turns: new Map() };
    this.#data.set(request.instanceId, data);
    this.#names += 1;
    const identity: ProcessIdentity = { pid: 1_000 + this.#names, startTime: `${this.time.nowMs}`, bootId: `boot-${this.#boots}` };
    const server = new SimulatedServer(this, request, identity, data);
    this.trace(() => `${server.name} is started`);
    this.#servers.push(server);
    server.onExit(() => this.#servers.splice(this.#servers.indexOf(server), 1));
    return server;
  }

  /** The living server of this start, by its mark. */
  find(request: Pick<LaunchRequest, "instanceId" | "incarnation">): SimulatedServer | undefined {
    return this.living().find(({ instanceId, incarnation }) => instanceId === request.instanceId && incarnation === request.incarnation);
  }

  byIdentity({ pid, bootId }: ProcessIdentity): SimulatedServer | undefined {
    return this.living().find(({ identity }) => identity.pid === pid && identity.bootId === bootId);
  }

  /** The power fails: every process is gone, tools included. */
  reboot(): void {
    this.#boots += 1;
    for (const server of this.living()) server.kill();
    this.truth.toolsEnd(undefined);
  }

  turnKind(): void {
    this.isKind = true;
    this.faults = noFaults;
    for (const server of this.living()) server.fall("none");
  }
}
