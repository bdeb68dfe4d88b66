import type { Instance } from "../core/instance";
import { setupOf } from "../core/project";
import { reduce } from "../core/reduce";
import type { Clock } from "../ports/clock";
import type { ServerNews } from "../ports/opencode";
import type { RuntimeParts } from "./create-runtime";
import { createEffectRunner } from "./effect-runner";
import { type CommittedTurn, Engine, type EngineParts } from "./engine";
import { createEngineClock } from "./engine-clock";
import type { Machines } from "./hosts/machines";
import { InstanceLinks } from "./instance-links";
import type { Loaded } from "./load-state";
import { eventOf } from "./news-events";
import { redactEvent } from "./redact-event";
import { Starts } from "./starts";

/** What drives the work: the engine, the effects it asks for, and the connections they use. */
export interface Drive {
  readonly engine: Engine;
  readonly links: InstanceLinks;
  /** Ends the engine, then what `between` ends, then the connections. */
  stop(between: () => Promise<void>): Promise<void>;
}

export interface DriveWatchers {
  readonly publish: (turn: CommittedTurn) => void;
  readonly outbox: EngineParts["outbox"];
  readonly storeChange: () => void;
  /** What the servers say, besides what becomes an event. */
  readonly news: (instance: Instance, news: ServerNews) => void;
}

export function createDrive(parts: RuntimeParts & { readonly machines: Machines }, loaded: Loaded, watchers: DriveWatchers): Drive {
  const { clock, store, openCode, log } = parts;
  const stopping = new AbortController();
  const pauses = new Set<() => void>();
  stopping.signal.addEventListener("abort", () => {
    for (const end of [...pauses]) end();
  });
  const engine: Engine = new Engine({
    clock,
    reduce: parts.reduce ?? reduce,
    engineClock: (parts.createEngineClock ?? createEngineClock)(clock, loaded.clockMs),
    store,
    state: loaded.state,
    run: (effect) => run(effect),
    publish: watchers.publish,
    crash: parts.crash,
    outbox: watchers.outbox,
    onStoreChange: watchers.storeChange,
    onCommit: parts.watchCommit,
    onGap: (gapMs) => log("the bridge did not run for a while", { gapMs }),
  });
  const post: Engine["post"] = (event) => engine.post(parts.redact ? redactEvent(event, parts.redact) : event);
  const links = new InstanceLinks({
    openCode,
    post,
    log,
    after: clock.after,
    onNews: (instance, news) => {
      watchers.news(instance, news);
      const event = eventOf(instance, news, clock.epochMs());
      if (event) post(event);
    },
  });
  const run = createEffectRunner({
    ...parts,
    links,
    starts: new Starts(stopping.signal),
    setupOf: (repository) => setupOf(parts.config.projects, repository),
    post,
    state: () => engine.state,
    epochMs: clock.epochMs,
    stopping: stopping.signal,
    pause: (delayMs) => pause(clock, delayMs, pauses),
    stopGraceMs: parts.config.instances.stopGraceMs,
  });
  return {
    engine,
    links,
    async stop(between) {
      stopping.abort();
      engine.stop();
      await between();
      await links.closeAll();
    },
  };
}

/** Passes, or is ended by way of `pauses`. */
function pause(clock: Clock, delayMs: number, pauses: Set<() => void>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      pauses.delete(done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    pauses.add(done);
  });
}
