import type { StrategyName } from "../../shared/task";
import { type AskPolicy, defaultAskPolicy } from "./ask-policy";

/** What the configuration decides for the core. Times in milliseconds of the engine clock. */
export interface Policy {
  readonly strategy: StrategyName;
  /** Tasks that have not ended. */
  readonly queueMax: number;
  readonly instancesMax: number;
  /** Tasks of one instance that wait for a person; they hold no slot. */
  readonly waitingMax: number;
  readonly startTimeoutMs: number;
  /** Instances that may boot at once (a boot costs 3 CPU-seconds). */
  readonly startsAtOnceMax: number;
  /** No sign of life for this long: probe, then no new work, then (with no CPU used either) dead. */
  readonly probeAfterSilenceMs: number;
  readonly unreadyAfterSilenceMs: number;
  readonly deadAfterSilenceMs: number;
  /** Restart intensity: more unexpected exits than this within the window, and the instance has failed. */
  readonly restartsMax: number;
  readonly restartWindowMs: number;
  /** An idle instance above it is restarted: OpenCode gives little memory back (seen). 0: never. */
  readonly rssMaxBytes: number;
  /** Nothing is placed on a host with less free disk. */
  readonly diskFreeMinBytes: number;
  /** Tokens and US dollars of a day; once they are used up, nothing more is placed on it. 0: no limit. */
  readonly dayTokensMax: number;
  readonly dayCostMax: number;
  /** Folders an instance may know; the one not used for longest is disposed of. */
  readonly directoriesMax: number;
  /** An accepted prompt whose turn is not seen by then is inspected. */
  readonly verifyAfterMs: number;
  /** How long a prompt may be on its way: 2 s from the 204 to the stored message were seen in a new directory. */
  readonly lateStartMs: number;
  /** A running turn is inspected at least this often, should its events be lost. */
  readonly inspectEveryMs: number;
  /** A running turn without any sign of progress for this long is wedged: aborted, then retried. */
  readonly wedgedAfterMs: number;
  /** A provider that wants a longer wait than this gives its slot free until then. */
  readonly parkAfterRetryDelayMs: number;
  /** First and longest wait between attempts of a task. */
  readonly retryDelayMs: number;
  readonly retryDelayMaxMs: number;
  /** Prompts sent again, after the server was seen not to have started them, before the attempt fails. */
  readonly sendsMax: number;
  readonly asks: AskPolicy;
}

export const defaultPolicy: Policy = {
  strategy: "least-loaded",
  queueMax: 10_000,
  instancesMax: 64,
  waitingMax: 16,
  startTimeoutMs: 120_000,
  startsAtOnceMax: 2,
  probeAfterSilenceMs: 15_000,
  unreadyAfterSilenceMs: 30_000,
  deadAfterSilenceMs: 90_000,
  restartsMax: 5,
  restartWindowMs: 60_000,
  rssMaxBytes: 2 * 1024 ** 3,
  diskFreeMinBytes: 1024 ** 3,
  dayTokensMax: 0,
  dayCostMax: 0,
  directoriesMax: 32,
  verifyAfterMs: 2_000,
  lateStartMs: 6_000,
  inspectEveryMs: 30_000,
  wedgedAfterMs: 10 * 60_000,
  parkAfterRetryDelayMs: 45_000,
  retryDelayMs: 1_000,
  retryDelayMaxMs: 60_000,
  sendsMax: 6,
  asks: defaultAskPolicy,
};
