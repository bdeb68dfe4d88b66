import type { InstanceId } from "../../../shared/ids";
import type { TimedFigures } from "../../ports/hosts";
import type { ExitInfo, ProcessIdentity, ProcessUsage } from "../../ports/processes";
import { isSameProcess } from "../../process-identity";
import { exitOf } from "./exit-info";
import { type PulseAnswer, parsePulse } from "./pulse-answer";

const deadlineMs = 10_000;

/** The bridge's sign of life on a host, and what the host says of itself and of our servers, every `intervalMs`. */
export interface Pulse {
  figures(): TimedFigures | undefined;
  usage(identity: ProcessIdentity): ProcessUsage | undefined;
  /** Settles when a server of that start has ended, as far as the host says so; never by the loss of the link. */
  exited(instanceId: InstanceId, incarnation: number, identity: ProcessIdentity): Promise<ExitInfo>;
  /** Now; settles after a pulse that began after this call. Never raises. */
  beat(): Promise<void>;
  close(): void;
}

export interface PulseOptions {
  /** Lines of octo_pulse; `seenS`: the host's time in its last answer. */
  readonly ask: (
    seenS: number | undefined,
    deadlineMs: number,
  ) => Promise<{ readonly lines: readonly string[]; readonly roundTripMs: number }>;
  readonly isConnected: () => boolean;
  readonly intervalMs: number;
  readonly nowMs: () => number;
  readonly changed: (figures: TimedFigures) => void;
}

interface Watch {
  readonly instanceId: InstanceId;
  readonly incarnation: number;
  readonly identity: ProcessIdentity;
  /** Pulses up to this one may have been asked before the server was there. */
  readonly after: number;
  readonly settle: (exit: ExitInfo) => void;
}

export function startPulse(options: PulseOptions): Pulse {
  const { intervalMs, nowMs } = options;
  const watches = new Set<Watch>();
  let figures: TimedFigures | undefined;
  let answer: PulseAnswer | undefined;
  let seenS: number | undefined;
  let count = 0;
  let running: Promise<void> | undefined;

  const once = async (): Promise<void> => {
    if (!options.isConnected()) return;
    count += 1;
    const number = count;
    try {
      let { lines, roundTripMs } = await options.ask(seenS, deadlineMs);
      if (seenS === undefined) {
        // The first one could not say what was seen: the fence counts on the second.
        seenS = parsePulse(lines).timeS;
        ({ lines, roundTripMs } = await options.ask(seenS, deadlineMs));
      }
      answer = parsePulse(lines);
      seenS = answer.timeS;
      for (const watch of watches) if (watch.after < number) look(watch, answer);
      if (answer.host === undefined) return;
      figures = { ...answer.host, roundTripMs, atMs: nowMs() };
      options.changed(figures);
    } catch {
      // Silence says nothing; the link tells what became of it.
    }
  };
  const look = (watch: Watch, { instances }: PulseAnswer): void => {
    const found = instances.find(({ id }) => id === watch.instanceId);
    const isSame = found?.incarnation === watch.incarnation;
    if (isSame && found.state.kind === "alive" && isSameProcess(found.identity, watch.identity)) return;
    watches.delete(watch);
    watch.settle(isSame && found.state.kind === "exit" ? exitOf(found.state.code) : { code: null, signal: null });
  };
  const next = (): Promise<void> => {
    running ??= once().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => void next(), intervalMs);

  return {
    figures: () => figures,
    usage: (identity) => {
      const found = answer?.instances.find((instance) => isSameProcess(instance.identity, identity));
      return found?.state.kind === "alive" ? found.state.usage : undefined;
    },
    exited: (instanceId, incarnation, identity) =>
      new Promise((settle) => watches.add({ instanceId, incarnation, identity, after: count, settle })),
    async beat() {
      await running;
      await next();
    },
    close: () => clearInterval(timer),
  };
}
