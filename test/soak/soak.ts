import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { InstanceView } from "../../shared/instance";
import { eventually } from "../helpers/eventually";
import { controlFake, type FakeControl } from "../helpers/fake-control";
import { setFakeOptions } from "../helpers/fake-opencode-source";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { seededRandom } from "../helpers/seeded-random";
import { quartersOf, type Sample, sampleOf } from "./figures";
import { Visitors } from "./visitors";

export interface SoakRequest {
  readonly events: number;
  readonly seed: number;
  readonly onSample?: (sample: Sample) => void;
}

export interface SoakReport {
  /** The first is the warm-up: until then what the bridge keeps of the latest sessions, tasks and outputs fills up to its bounds. */
  readonly quarters: readonly Sample[];
  /** Without clients and tasks: after the warm-up, and at the end. */
  readonly quiet: { readonly warm: Sample; readonly end: Sample };
  readonly events: number;
  readonly tasks: number;
  readonly ended: { readonly succeeded: number; readonly failed: number };
  readonly visits: Readonly<Record<string, number>>;
  readonly cuts: number;
  readonly seconds: number;
}

const openTasks = 32;
const lookMs = 250;
const cutEveryMs = 3_000;
const quietTimeoutMs = 120_000;

/**
 * The built bridge, with servers in processes of their own, for so many events of their streams: tasks of all kinds begin and end, streams
 * are cut, clients come and go. What is looked at is whether the bridge keeps anything of it.
 */
export async function runSoak({ events: eventsMax, seed, onSample }: SoakRequest): Promise<SoakReport> {
  const startMs = performance.now();
  await using world = await octoWorld({
    config: {
      instances: { slots: 16 },
      asks: {
        rules: [
          { permission: "bash", pattern: "command true", action: "allow" },
          { action: "deny", message: "not now" },
        ],
      },
      api: { requestsPerSecond: 10_000 },
    },
  });
  await using soak = await Soak.start(world, seed);
  const samples: Sample[] = [];
  let warm: Sample | undefined;
  const sample = async (): Promise<Sample> => {
    const taken = await sampleOf(world.client, await soak.sent());
    onSample?.(taken);
    return taken;
  };
  for (;;) {
    const now = await sample();
    samples.push(now);
    if (now.events >= eventsMax) break;
    if (warm === undefined && now.events >= eventsMax / 4) {
      await soak.rest();
      warm = await sample();
      soak.goOn();
    }
    await soak.work(lookMs);
  }
  await soak.rest();
  const end = await sample();
  const { counts } = await world.client.call("get_status", {});
  return {
    quarters: quartersOf(samples, eventsMax),
    quiet: { warm: warm ?? end, end },
    events: end.events,
    tasks: soak.tasks,
    ended: { succeeded: counts.succeeded, failed: counts.failed },
    visits: soak.visits,
    cuts: soak.cuts,
    seconds: (performance.now() - startMs) / 1_000,
  };
}

class Soak implements AsyncDisposable {
  tasks = 0;
  cuts = 0;
  visits: Record<string, number> = {};
  readonly #world: OctoWorld;
  readonly #instances: readonly InstanceView[];
  readonly #fakes: readonly FakeControl[];
  readonly #random: () => number;
  #visitors: Visitors | undefined;
  #latestTask: string | undefined;
  #cutAtMs = 0;

  private constructor(world: OctoWorld, instances: readonly InstanceView[], fakes: readonly FakeControl[], random: () => number) {
    this.#world = world;
    this.#instances = instances;
    this.#fakes = fakes;
    this.#random = random;
    this.goOn();
  }

  static async start(world: OctoWorld, seed: number): Promise<Soak> {
    await setFakeOptions(world.folder, { stepMs: 1, settleMs: 5, retryMs: 5, heartbeatMs: 200, strangeEveryMs: 10 });
    await world.client.call("spawn_opencode_server", { count: 2 });
    const instances = await eventually(
      async () => {
        const found = (await world.client.call("list_opencode_servers", {})).instances;
        if (found.some(({ state }) => state !== "ready")) throw new Error("not all are ready");
        return found;
      },
      { timeoutMs: 60_000 },
    );
    return new Soak(world, instances, await Promise.all(instances.map(controlOf)), seededRandom(seed));
  }

  async sent(): Promise<number> {
    return (await Promise.all(this.#fakes.map((fake) => fake.sent()))).reduce((sum, count) => sum + count, 0);
  }

  /** Keeps tasks coming for so long, and cuts a stream now and then. */
  async work(forMs: number): Promise<void> {
    const endAtMs = performance.now() + forMs;
    do {
      const { counts } = await this.#world.client.call("get_status", {});
      const missing = openTasks - counts.queued - counts.running - counts.waiting;
      await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.#submit()));
      if (performance.now() - this.#cutAtMs > cutEveryMs) await this.#cut();
      await pause(10);
    } while (performance.now() < endAtMs);
  }

  goOn(): void {
    const [instance] = this.#instances;
    if (instance === undefined) throw new Error("there is no server");
    const taskId = (): string | undefined => this.#latestTask;
    this.#visitors = new Visitors({ socketPath: this.#world.client.socketPath, instanceId: instance.id, random: this.#random, taskId });
  }

  /** All clients go, all tasks end, and what was opened for them is closed: connections kept for later too. */
  async rest(): Promise<void> {
    const visitors = this.#visitors;
    await visitors?.stop();
    for (const [kind, count] of Object.entries<number>(visitors?.visits ?? {})) this.visits[kind] = (this.visits[kind] ?? 0) + count;
    await eventually(
      async () => {
        const { counts } = await this.#world.client.call("get_status", {});
        if (counts.queued + counts.running > 0) throw new Error(`${counts.queued} are queued, ${counts.running} run`);
      },
      { timeoutMs: quietTimeoutMs },
    );
    await steady(async () => (await sampleOf(this.#world.client, 0)).descriptors);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#visitors?.stop();
  }

  async #cut(): Promise<void> {
    this.#cutAtMs = performance.now();
    await this.#fakes[this.cuts % this.#fakes.length]?.fault({ kind: "streams-cut" });
    this.cuts += 1;
  }

  async #submit(): Promise<void> {
    this.tasks += 1;
    const number = this.tasks;
    const isolation = number % 50 === 0 ? "worktree" : "in-place";
    const { task } = await this.#world.client.call("distribute_task", {
      prompt: promptOf(number),
      directory: this.#world.repository,
      isolation,
    });
    this.#latestTask = task.id;
  }
}

/** Mostly words; every tenth something else. */
function promptOf(number: number): string {
  const words = `[[slow:200:0]] [[say:${"long words ".repeat(number % 40)}]]`;
  const others = [
    `[[ask:true]] ${words}`,
    `[[ask:whoami]] ${words}`,
    `[[child:[[slow:20:0]] [[say:done]]]] ${words}`,
    `[[status:503:1:0]] ${words}`,
    "[[status:401:9]]",
    `[[bash:true]] ${words}`,
    `[[question:Which?|A|B]] ${words}`,
    `[[cut:1]] ${words}`,
  ];
  return number % 10 === 0 ? (others[(number / 10) % others.length] ?? words) : words;
}

async function controlOf({ pid, port }: InstanceView): Promise<FakeControl> {
  const environment = await readFile(`/proc/${pid}/environ`, "utf8");
  const password = /OPENCODE_SERVER_PASSWORD=([^\0]*)/.exec(environment)?.[1] ?? "";
  return controlFake({ url: `http://127.0.0.1:${port}`, password });
}

/** Until the figure was the same for ten looks, a second each. */
async function steady(look: () => Promise<number>): Promise<void> {
  let before = Number.NaN;
  let same = 0;
  await eventually(
    async () => {
      const now = await look();
      same = now === before ? same + 1 : 0;
      before = now;
      if (same < 10) throw new Error(`${now} was seen ${same + 1} times`);
    },
    { timeoutMs: quietTimeoutMs, intervalMs: 1_000 },
  );
}
