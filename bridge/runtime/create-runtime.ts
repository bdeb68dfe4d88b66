import type { ErrorInfo } from "../../shared/errors";
import type { BridgeView } from "../../shared/snapshot";
import type { Config } from "../config";
import type { Policy } from "../core/policy";
import { reduce } from "../core/reduce";
import type { RandomBytes } from "../ids";
import type { Clock } from "../ports/clock";
import type { TaskIntake } from "../ports/intake";
import type { Launcher, OpenCode } from "../ports/opencode";
import type { Processes } from "../ports/processes";
import type { Store } from "../ports/store";
import type { Workspaces } from "../ports/workspaces";
import { createBridgeService } from "./bridge-service";
import { createEffectRunner } from "./effect-runner";
import { Engine } from "./engine";
import { createEngineClock } from "./engine-clock";
import { InstanceLinks } from "./instance-links";
import { tellIntake } from "./intake-watch";
import { loadState, recentEnds } from "./load-state";
import { startMeasuring } from "./measuring";
import { eventOf } from "./news-events";
import { OutputBuffers } from "./output-buffers";
import { outputTap } from "./output-tap";
import { createPanes, type PaneHost } from "./panes/create-panes";
import { startPruning } from "./pruning";
import { Publisher } from "./publisher";
import { Requests } from "./requests";
import type { BridgeService } from "./service";
import { taskIfThere } from "./task-lookup";

export interface RuntimeParts {
  readonly config: Config;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly store: Store;
  readonly processes: Processes;
  readonly launcher: Launcher;
  readonly openCode: OpenCode;
  readonly workspaces: Workspaces;
  /** Where tasks come from. */
  readonly intake: TaskIntake;
  readonly bridge: Omit<BridgeView, "storeError">;
  readonly log: (message: string, details: Record<string, unknown>) => void;
  readonly errorOf: (thrown: unknown) => ErrorInfo;
  readonly crash: (thrown: unknown) => void;
  readonly randomBytes: RandomBytes;
  /** The core, and the engine's view of time: replaced only by tests, which watch them and plant faults in them. */
  readonly reduce?: typeof reduce;
  readonly createEngineClock?: typeof createEngineClock;
  readonly shutDown: () => void;
  /** GUIs of WezTerm to open panes in. */
  readonly panes?: PaneHost;
  /** The program that starts OpenCode. OPENCODE_MISSING. */
  readonly openCodeCommand?: () => Promise<readonly string[]>;
}

export interface Runtime {
  readonly service: BridgeService;
  /** Reconciles with whatever an earlier bridge left, then goes on. */
  start(): void;
  /** Ends its timers and connections; the instances live on. */
  stop(): Promise<void>;
}

/** Engine, effects, links and service, wired together over the ports. */
export function createRuntime(parts: RuntimeParts): Runtime {
  const { clock, store, openCode, log } = parts;
  const loaded = loadState(store, parts.policy, Buffer.from(parts.randomBytes(4)).readInt32LE());
  const stopping = new AbortController();
  const output = new OutputBuffers();
  const tap = outputTap(output);
  const bridgeView = (): BridgeView => ({ ...parts.bridge, storeError: engine.storeError?.message });

  const engine: Engine = new Engine({
    clock,
    reduce: parts.reduce ?? reduce,
    engineClock: (parts.createEngineClock ?? createEngineClock)(clock, loaded.clockMs),
    store,
    state: loaded.state,
    run: (effect) => run(effect),
    publish: (turn) => {
      tap.note(turn);
      tellIntake(parts.intake, turn);
      publisher.publish(turn);
      panes?.note();
    },
    onGap: (gapMs) => log("the bridge did not run for a while", { gapMs }),
  });
  const post: Engine["post"] = (event) => engine.post(event);
  const links = new InstanceLinks({
    openCode,
    post,
    log,
    monotonicMs: clock.monotonicMs,
    onNews: (instance, news) => {
      tap.news(instance.id, news);
      const event = eventOf(instance, news, clock.epochMs());
      if (event) post(event);
    },
  });
  const run = createEffectRunner({
    ...parts,
    links,
    post,
    state: () => engine.state,
    epochMs: clock.epochMs,
    stopping: stopping.signal,
    pause: (delayMs) => pause(clock, delayMs, stopping.signal),
    stopGraceMs: parts.config.instances.stopGraceMs,
  });
  const publisher = new Publisher({
    state: () => engine.state,
    now: () => engine.now(),
    bridgeView,
    soon: clock.soon,
    endedBefore: recentEnds(store, engine.now()),
  });
  const panes =
    parts.panes &&
    createPanes(parts.panes, {
      clock,
      processes: parts.processes,
      state: () => engine.state,
      taskOf: (id) => taskIfThere({ engine, store }, id),
      changed: () => publisher.touch(),
      log,
    });
  let sequence = loaded.lastSequence;
  const service = createBridgeService({
    ...parts,
    engine,
    links,
    publisher,
    output,
    requests: new Requests(store, clock.epochMs),
    nextSequence: () => {
      sequence += 1;
      return sequence;
    },
    bridgeView,
    panes,
    openCodeCommand: parts.openCodeCommand ?? (async () => ["opencode"]),
  });
  const stopMeasuring = startMeasuring({ clock, processes: parts.processes, state: () => engine.state, post });
  const stopPruning = startPruning({ clock, store, keepDays: parts.config.tasks.keepDays, log });
  return {
    service,
    start() {
      parts.intake.start({
        accept: ({ task, before, record }) => engine.command({ events: [...before, { kind: "task-submitted", task }], record }),
      });
      engine.start();
    },
    async stop() {
      stopping.abort();
      parts.intake.stop();
      stopMeasuring();
      stopPruning();
      engine.stop();
      await panes?.stop();
      await links.closeAll();
    },
  };
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal.addEventListener("abort", done);
  });
}
