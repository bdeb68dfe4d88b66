import { defaultConfig, policyOf } from "../../bridge/config/config";
import type { AskPolicy } from "../../bridge/core/ask-policy";
import type { Policy } from "../../bridge/core/policy";
import { toErrorInfo } from "../../bridge/octo-error";
import { createRuntime } from "../../bridge/runtime/create-runtime";
import { createLocalIntake } from "../../bridge/runtime/local-intake";
import type { BridgeService } from "../../bridge/runtime/service";
import { BridgeLife } from "./bridge-life";
import type { Chance } from "./chance";
import { engineClockWith } from "./planted-bugs";
import { simulatedLauncher, simulatedProcesses } from "./simulated-launcher";
import { simulatedOpenCode } from "./simulated-opencode";
import { simulatedStore } from "./simulated-store";
import { simulatedResults, simulatedWorkspaces } from "./simulated-workspaces";
import type { Watcher } from "./watcher";
import type { World } from "./world";

/** A longer stop than this is one that the engine does not count. */
const gapMs = 5_000;

/** With a time limit nobody helps with asks in kind times: each wait has to end by itself. */
function drawAskPolicy(chance: Chance): AskPolicy {
  const timeLimitMs = chance.happens(0.5) ? chance.span(5_000, 300_000) : 0;
  const action = chance.pick(["allow", "deny", "ask"] as const) ?? "ask";
  const rules: AskPolicy["rules"] = chance.happens(0.3) ? [{ pattern: "git *", action }] : [];
  return { rules, timeLimitMs, afterTimeLimit: "deny", drainWaitMs: chance.span(1_000, 600_000) };
}

/** The bridges of one simulation, one after the other: when one dies, the next one is started. */
export class Bridges {
  deaths = 0;
  life: BridgeLife;
  service: BridgeService;
  readonly #world: World;
  readonly #watcher: Watcher;
  readonly #policy: Policy;
  #frozenAtMs = 0;

  constructor(world: World, watcher: Watcher) {
    this.#world = world;
    this.#watcher = watcher;
    const { chance } = world;
    this.#policy = {
      ...policyOf(defaultConfig()),
      instancesMax: 5,
      waitingMax: chance.between(1, 4),
      restartsMax: chance.between(2, 6),
      startsAtOnceMax: chance.between(1, 2),
      wedgedAfterMs: chance.span(40_000, 600_000),
      strategy: chance.pick(["round-robin", "least-loaded", "random"]) ?? "least-loaded",
      directoriesMax: chance.between(1, 8),
      dayTokensMax: chance.happens(0.3) ? chance.between(20, 200) : 0,
      asks: drawAskPolicy(chance),
    };
    ({ life: this.life, service: this.service } = this.#start());
  }

  #start(): Pick<Bridges, "life" | "service"> {
    const world = this.#world;
    const life = new BridgeLife(world);
    world.trace(() => "a bridge starts");
    const runtime = createRuntime({
      config: { ...defaultConfig() },
      policy: this.#policy,
      clock: life.clock,
      store: simulatedStore(world, life),
      processes: simulatedProcesses(world, life),
      launcher: simulatedLauncher(world, life),
      openCode: simulatedOpenCode(world, life),
      workspaces: simulatedWorkspaces(world, life),
      results: simulatedResults,
      intake: createLocalIntake(),
      bridge: { version: "0.0.0", pid: 1, startedAtEpochMs: world.epochMs() },
      log: (message, details) => world.trace(() => `log: ${message} ${JSON.stringify(details)}`),
      errorOf: toErrorInfo,
      crash: (thrown) => life.alive && world.truth.wrong(`a fault of octo: ${String(thrown)}`),
      shutDown: () => undefined,
      randomBytes: (count) => world.chance.bytes(count),
      passwordOf: () => "secret",
      reduce: this.#watcher.reduce,
      createEngineClock: engineClockWith(world.planted),
    });
    world.wakes();
    life.onDeath(() => this.#died());
    runtime.start();
    return { life, service: runtime.service };
  }

  #died(): void {
    const { time, chance, isKind } = this.#world;
    this.deaths += 1;
    this.#world.sleeps();
    time.after(isKind ? 100 : chance.span(50, 60_000), () => {
      ({ life: this.life, service: this.service } = this.#start());
    });
  }

  /** Stops it for a while; it may be killed meanwhile. */
  freeze(forMs: number): void {
    const { life } = this;
    if (!life.isRunning) return;
    this.#world.trace(() => `the bridge is stopped for ${forMs} ms`);
    life.freeze();
    this.#world.sleeps();
    this.#frozenAtMs = this.#world.time.nowMs;
    this.#world.time.after(forMs, () => this.thaw(life));
  }

  thaw(life = this.life): void {
    if (!life.alive || life.isRunning) return;
    const stoppedMs = this.#world.time.nowMs - this.#frozenAtMs;
    this.#world.wakes(stoppedMs <= gapMs ? stoppedMs : 0);
    life.thaw();
  }
}
