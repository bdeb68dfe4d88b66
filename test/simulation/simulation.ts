import { parseTask } from "../../bridge/runtime/documents";
import { Bridges } from "./bridges";
import { Misfortune } from "./misfortune";
import { Person } from "./person";
import type { PlantedBug } from "./planted-bugs";
import { Watcher } from "./watcher";
import { World } from "./world";

export interface SimulationResult {
  readonly seed: number;
  /** The first things that must never happen; empty when nothing did. */
  readonly violations: readonly string[];
  /** Of every event with its instant: the same for the same seed. */
  readonly digest: string;
  readonly events: number;
  readonly steps: number;
  readonly tasks: number;
  readonly turns: number;
  readonly deaths: number;
  readonly dropped: number;
  readonly lines: readonly string[];
}

/** In time in which a bridge runs. */
const chaosMinMs = 40_000;
const chaosMaxMs = 8 * 60_000;
const foreverMs = Number.POSITIVE_INFINITY;
/** Within this, kind times end everything: the longest waits of the core are an hour of run time and its retries. */
const kindMaxMs = 6 * 60 * 60_000;
/** A turn that nobody waits for would begin within this. */
const restMinMs = 20_000;
/** Longer than the slowest boot. */
const restMaxMs = 10 * 60_000;
const stepsMax = 300_000;

/** One seed from the first start to the last end. */
export async function simulate(options: {
  readonly seed: number;
  readonly planted?: PlantedBug | undefined;
  readonly tracing?: boolean | undefined;
}): Promise<SimulationResult> {
  const world = new World(options);
  const watcher = new Watcher(world);
  const bridges = new Bridges(world, watcher);
  const person = new Person({ world, bridges, watcher });
  person.begin();
  const misfortune = new Misfortune(world, bridges);
  const { time, truth } = world;

  const chaosMs = world.chance.span(chaosMinMs, chaosMaxMs);
  await run(world, foreverMs, () => world.awakeMs() > chaosMs && !misfortune.isAsleep);
  world.trace(() => "the world turns kind");
  world.turnKind();
  bridges.thaw();
  await run(world, kindMaxMs, () => truth.openTasks().length === 0 && person.pending === 0);
  for (const { id, state } of truth.openTasks())
    truth.wrong(`${id} is still ${state} after ${kindMaxMs / 60_000} kind minutes: ${summary(watcher, id)}`);
  await run(world, restMinMs, () => false);
  // A request that the person repeats may come as late as this, and its task is to end as well.
  await run(world, restMaxMs, () => unsettled(watcher).length === 0 && truth.openTasks().length === 0 && person.pending === 0);
  for (const { id, state } of truth.openTasks()) truth.wrong(`${id} is still ${state} at the end`);
  if (truth.violations.length === 0) {
    truth.checkRest();
    checkSpend(world);
    for (const what of unsettled(watcher)) truth.wrong(`${what} at the end`);
  }
  bridges.life.kill();
  return {
    seed: options.seed,
    violations: truth.violations.slice(0, 5),
    digest: watcher.digest,
    events: watcher.events,
    steps: time.steps,
    tasks: truth.taskCount,
    turns: truth.turns,
    deaths: bridges.deaths,
    dropped: watcher.dropped,
    lines: world.lines,
  };
}

/** Lets the world go on for a while, or until a violation. */
function run(world: World, forMs: number, isOver: () => boolean): Promise<void> {
  const { time, truth } = world;
  const endAtMs = time.nowMs + forMs;
  return new Promise((resolve, reject) => {
    const step = (): void => {
      try {
        if (truth.violations.length > 0 || time.nowMs >= endAtMs || isOver()) return resolve();
        if (time.steps > stepsMax) truth.wrong(`no end after ${stepsMax} steps`);
        if (!time.step()) truth.wrong("nothing is planned any more");
      } catch (thrown) {
        return reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
      // What follows from the step by promises comes before the next one.
      setImmediate(step);
    };
    step();
  });
}

/** Every token of every attempt is booked, once, through all deaths and midnights. */
function checkSpend({ disk, truth }: World): void {
  const spent = new Map(
    disk
      .open()
      .spent({ by: "task" })
      .map(({ key, tokensIn }) => [key, tokensIn]),
  );
  for (const { id, json } of disk.tasks.values()) {
    const used = parseTask(json).attempts.reduce((sum, { usage }) => sum + usage.tokensIn, 0);
    if (used !== (spent.get(id) ?? 0)) truth.wrong(`${id} used ${used} tokens, and ${spent.get(id) ?? 0} are booked`);
  }
}

/** What should have come to an end of its own by now. */
function unsettled({ state }: Watcher): readonly string[] {
  const instances = [...(state?.instances.values() ?? [])].filter(({ state: { kind } }) => !["ready", "stopped", "failed"].includes(kind));
  const asks = [...(state?.asks.keys() ?? [])].map((id) => `${id} is open`);
  return [...instances.map(({ id, state: at }) => `${id} is ${JSON.stringify(at)}`), ...asks];
}

function summary(watcher: Watcher, id: string): string {
  const task = [...(watcher.state?.tasks.values() ?? [])].find((each) => each.id === id);
  const instances = [...(watcher.state?.instances.values() ?? [])].map(({ name, state }) => ({ name, state }));
  return JSON.stringify({ state: task?.state, attempts: task?.attempts.length, instances });
}
