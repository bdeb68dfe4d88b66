import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../helpers/eventually";
import { fakeOpenCode } from "../helpers/fake-opencode-source";
import { type OctoWorld, octoWorld } from "../helpers/octo-world";
import { realOpenCode } from "../helpers/real-opencode-source";
import { seededRandom } from "../helpers/seeded-random";
import { instancesOf, killBridge, killServer, type ServerDeath, stopBridge, stopServer, victim } from "./strikes";
import { type Accounts, WorkLoad } from "./work-load";

export interface ChaosRequest {
  /** SIGKILLs of servers and of the bridge; SIGSTOPs and cut streams come on top. */
  readonly kills: number;
  readonly seed: number;
  /** Real OpenCode servers, with the stand-in as their model. */
  readonly real: boolean;
  readonly onStrike?: (line: string) => void;
}

export interface Quantiles {
  readonly count: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface ChaosReport extends Accounts {
  readonly seed: number;
  readonly kills: { readonly servers: number; readonly bridge: number };
  readonly stops: number;
  readonly cuts: number;
  /** Servers that were stopped for a moment and taken for dead. */
  readonly falseDeaths: number;
  /** From the death of a server until octo knows. */
  readonly noticed: Quantiles;
  /** From then until its tasks run again. */
  readonly moved: Quantiles;
  /** From the start of the next bridge until it has the servers of the last one. */
  readonly adopted: Quantiles;
}

/** Kills and stops real processes at random while tasks run, then counts what became of each task. */
export async function runChaos(request: ChaosRequest): Promise<ChaosReport> {
  const random = seededRandom(request.seed);
  const count = request.real ? 2 : 5;
  await using world = await octoWorld({
    openCode: request.real ? () => realOpenCode() : fakeOpenCode,
    proxied: true,
    config: { instances: { slots: 4, restartsMax: 100, startsAtOnceMax: 2 } },
  });
  await world.client.call("spawn_opencode_server", { count });
  await eventually(async () => allReady(await instancesOf(world)), { timeoutMs: world.openCode.patienceMs * 2 });
  const load = new WorkLoad(world, random);
  const enough = new AbortController();
  const keeping = load.keep(request.real ? 4 : 8, enough.signal);
  const struck = await strike(world, random, request).finally(() => enough.abort());
  await keeping;
  const accounts = await load.settle();
  return {
    ...accounts,
    seed: request.seed,
    kills: { servers: struck.deaths.length, bridge: struck.adoptedMs.length },
    stops: struck.stops,
    cuts: struck.cuts,
    falseDeaths: struck.falseDeaths,
    noticed: quantiles(struck.deaths.map(({ noticedMs }) => noticedMs)),
    moved: quantiles(struck.deaths.flatMap(({ movedMs }) => movedMs ?? [])),
    adopted: quantiles(struck.adoptedMs),
  };
}

async function strike(world: OctoWorld, random: () => number, { kills, real, onStrike }: ChaosRequest) {
  const deaths: ServerDeath[] = [];
  const adoptedMs: number[] = [];
  const counts = { stops: 0, cuts: 0, falseDeaths: 0 };
  const say = (line: string): void => onStrike?.(`${deaths.length + adoptedMs.length}/${kills} ${line}`);
  while (deaths.length + adoptedMs.length < kills) {
    await pause((real ? 1_000 : 100) + random() * (real ? 3_000 : 700));
    const draw = random();
    const server = await victim(world, random);
    if (draw < 0.25) {
      adoptedMs.push(await killBridge(world, random() * 1_000));
      say(`bridge killed, servers adopted in ${Math.round(adoptedMs.at(-1) ?? 0)} ms`);
    } else if (draw < 0.32) {
      counts.stops += 1;
      await stopBridge(world, 300 + random() * 6_700);
      say("bridge stopped and continued");
    } else if (!server) {
    } else if (draw < 0.42) {
      counts.stops += 1;
      if (!(await stopServer(world, server, 300 + random() * 2_700))) counts.falseDeaths += 1;
      say(`${server.name} stopped and continued`);
    } else if (draw < 0.52) {
      counts.cuts += 1;
      await world
        .proxy(server.port)
        .cutStreams()
        .catch(() => undefined);
      say(`stream of ${server.name} cut`);
    } else {
      deaths.push(await killServer(world, server));
      const { noticedMs, movedMs } = deaths.at(-1) ?? { noticedMs: 0, movedMs: 0 };
      say(`${server.name} killed, noticed in ${Math.round(noticedMs)} ms, its tasks run ${Math.round(movedMs ?? 0)} ms later`);
    }
  }
  return { deaths, adoptedMs, ...counts };
}

function allReady(instances: readonly { readonly state: string }[]): void {
  if (instances.some(({ state }) => state !== "ready")) throw new Error(`not all ready: ${instances.map(({ state }) => state).join(" ")}`);
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { count: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
