import type { ErrorInfo } from "../../shared/errors";
import type { InstanceId, TaskId } from "../../shared/ids";
import type { BridgeView } from "../../shared/snapshot";
import type { Config } from "../config/config";
import type { OpenFilesShare } from "../core/open-files";
import type { Policy } from "../core/policy";
import type { reduce } from "../core/reduce";
import type { CoreState } from "../core/state";
import type { RandomBytes } from "../ids";
import type { Clock } from "../ports/clock";
import type { TaskIntake } from "../ports/intake";
import type { Launcher, OpenCode } from "../ports/opencode";
import type { Processes } from "../ports/processes";
import type { Results } from "../ports/results";
import type { Store } from "../ports/store";
import type { Workspaces } from "../ports/workspaces";
import { createBridgeService } from "./bridge-service";
import { localDay } from "./calendar";
import { startCollecting } from "./collecting";
import { watchDay } from "./day-watch";
import { createDrive } from "./drive";
import type { CommittedTurn } from "./engine";
import type { createEngineClock } from "./engine-clock";
import { createEventLog, type EventLine } from "./event-log";
import { HostKeeper, type HostParts } from "./hosts/host-keeper";
import { type Machine, usageOf } from "./hosts/machines";
import { watchModels } from "./hosts/model-watch";
import { tellIntake } from "./intake-watch";
import { loadState, recentEnds } from "./load-state";
import { startMeasuring } from "./measuring";
import { OneByOne } from "./one-by-one";
import { OutputBuffers } from "./output-buffers";
import { outputTap } from "./output-tap";
import { createPanes, type PaneHost } from "./panes/create-panes";
import { startPruning } from "./pruning";
import { Publisher } from "./publisher";
import { Requests } from "./requests";
import type { BridgeService } from "./service";
import type { ServiceParts } from "./service-parts";
import { taskIfThere } from "./task-lookup";
import { type CommandHost, createTelling } from "./telling";

export interface RuntimeParts {
  readonly config: Config;
  readonly policy: Policy;
  /** What the limit of open files lets there be; as the policy says when absent. */
  readonly openFiles?: OpenFilesShare;
  readonly clock: Clock;
  readonly store: Store;
  readonly processes: Processes;
  readonly launcher: Launcher;
  readonly openCode: OpenCode;
  readonly workspaces: Workspaces;
  readonly results: Results;
  /** Machines reached over ssh; none when absent. */
  readonly hosts?: HostParts;
  readonly homeFolder?: string;
  /** Where tasks come from. */
  readonly intake: TaskIntake;
  readonly bridge: Omit<BridgeView, "storeError">;
  readonly log: (message: string, details: Record<string, unknown>) => void;
  /** One line for each thing that matters: a task, an instance, an ask, a host. */
  readonly logEvent?: (line: EventLine) => void;
  readonly errorOf: (thrown: unknown) => ErrorInfo;
  readonly crash: (thrown: unknown) => void;
  readonly randomBytes: RandomBytes;
  /** The same for every bridge: servers outlive them. */
  readonly passwordOf: (instanceId: InstanceId) => string;
  /** Takes secrets out of texts of failures. */
  readonly redact?: (error: ErrorInfo) => ErrorInfo;
  /** Sees every committed turn. */
  readonly watchTurn?: (turn: CommittedTurn) => void;
  readonly watchCommit?: (tookMs: number) => void;
  /** The core, timed or with planted faults; the engine's view of time is replaced by tests only. */
  readonly reduce?: typeof reduce;
  readonly createEngineClock?: typeof createEngineClock;
  readonly shutDown: () => void;
  /** GUIs of WezTerm to open panes in. */
  readonly panes?: PaneHost;
  /** Programs of the user's to be told of what happens; none is when absent. */
  readonly commandHost?: CommandHost;
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
  const { clock, store, log } = parts;
  const stored = loadState(store, parts.policy, Buffer.from(parts.randomBytes(4)).readInt32LE(), localDay(clock.epochMs()));
  const home: Machine = { launcher: parts.launcher, workspaces: parts.workspaces, usage: parts.processes.usage };
  const hosts = new HostKeeper(home, parts.hosts, clock);
  const loaded = { ...stored, state: { ...stored.state, hosts: hosts.coreHosts(stored.clockMs) } };
  const output = new OutputBuffers();
  const tap = outputTap(output);
  const telling =
    parts.commandHost &&
    createTelling({
      ...{ config: parts.config, host: parts.commandHost, store, clock, log },
      isInView: async (instanceId) => (await panes?.isInView(instanceId)) ?? false,
      show: (notice) => publisher.show(notice),
      ring: (notice) => publisher.ring(notice),
    });
  const noteEvents = parts.logEvent && createEventLog(loaded.state, parts.logEvent);
  const drive = createDrive({ ...parts, machines: hosts }, loaded, {
    publish: (turn) => {
      tap.note(turn);
      tellIntake(parts.intake, turn);
      publisher.publish(turn);
      telling?.note(turn);
      parts.watchTurn?.(turn);
      noteEvents?.(turn);
      panes?.note();
      models.note([...turn.changedTasks].flatMap((id) => turn.state.tasks.get(id) ?? []));
    },
    outbox: telling?.outbox,
    storeChange: () => publisher.tellStore(),
    news: (instance, news) => tap.news(instance.id, news),
  });
  const { engine } = drive;
  const state = (): CoreState => engine.state;
  const bridgeView = (): BridgeView => ({ ...parts.bridge, storeError: engine.storeError?.message });
  const endedBefore = recentEnds(store, engine.now());
  const publisher = new Publisher({ state, now: () => engine.now(), bridgeView, soon: clock.soon, endedBefore });
  const taskOf = (id: TaskId) => taskIfThere({ engine, store }, id);
  const changed = (): void => publisher.touch();
  const models = watchModels({ clock, links: drive.links, state, post: (event) => engine.post(event) });
  const panes =
    parts.panes &&
    createPanes(parts.panes, { clock, processes: parts.processes, state, taskOf, hosts, changed, log, passwordOf: parts.passwordOf });
  const serviceParts: ServiceParts = {
    ...parts,
    hosts,
    homeFolder: parts.homeFolder ?? "/",
    engine,
    links: drive.links,
    publisher,
    output,
    requests: new Requests(store, clock.epochMs),
    spawning: new OneByOne(),
    nextSequence: counterFrom(loaded.lastSequence),
    bridgeView,
    panes,
    telling,
    openCodeCommand: parts.openCodeCommand ?? (async () => ["opencode"]),
  };
  const service = createBridgeService(serviceParts);
  const stopCollecting = startCollecting(serviceParts, log);
  const stopMeasuring = startMeasuring({
    ...{ clock, state, post: (event) => engine.post(event) },
    measureHome: () => hosts.measureHome(),
    usageOf: (instance) => usageOf(hosts, instance),
  });
  const stopPruning = startPruning({ clock, store, keepDays: parts.config.tasks.keepDays, log });
  let stopDayWatch = (): void => undefined;
  return {
    service,
    start() {
      parts.intake.start({
        accept: ({ task, before, record }) => engine.command({ events: [...before, { kind: "task-submitted", task }], record }),
      });
      hosts.start((event) => engine.post(event));
      engine.start();
      models.note([...state().tasks.values()]);
      telling?.start();
      stopDayWatch = watchDay({ clock, store, day: () => state().day, post: (event) => engine.post(event) });
    },
    async stop() {
      parts.intake.stop();
      models.stop();
      stopMeasuring();
      stopPruning();
      stopCollecting();
      stopDayWatch();
      await drive.stop(async () => panes?.stop());
      await telling?.stop();
      await hosts.close();
    },
  };
}

function counterFrom(last: number): () => number {
  let count = last;
  return () => {
    count += 1;
    return count;
  };
}
