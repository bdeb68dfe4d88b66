import type { AskView } from "./ask";
import type { InstanceView } from "./instance";
import type { PanePlace } from "./pane";
import type { TaskStateName, TaskView } from "./task";

/** How the bridge itself does. */
export interface BridgeView {
  readonly version: string;
  readonly pid: number;
  readonly startedAtEpochMs: number;
  /** The store refuses writes (full disk, failure): new commands are refused, running work goes on. */
  readonly storeError?: string | undefined;
}

export interface Counts {
  readonly instances: number;
  readonly instancesReady: number;
  readonly queued: number;
  readonly running: number;
  /** Open asks. */
  readonly waiting: number;
  readonly succeeded: number;
  readonly failed: number;
  /** US dollars since midnight, of running attempts too. */
  readonly costToday: number;
  readonly tokensToday: number;
  /** News and answers that came too late to mean anything, since this bridge started. */
  readonly dropped: number;
  /** SSH hosts, and those of them that are connected; absent where there are none. */
  readonly hosts?: number | undefined;
  readonly hostsReady?: number | undefined;
}

/** A task that ended lately, for toasts. */
export interface RecentEnd {
  readonly taskId: string;
  readonly title: string;
  readonly state: TaskStateName;
  readonly revision: number;
}

/** Something of an instance, a host or a limit that the person is told, for toasts. */
export interface RecentNotice {
  readonly id: string;
  /** What happened, like `host.lost`. */
  readonly on: string;
  readonly text: string;
  readonly instanceId?: string | undefined;
}

/**
 * What the long poll brings: small (under 4 KB, design 1), complete for the status bar, never a list of everything.
 * `revision` goes back to the bridge as `since`.
 */
export interface StatusSnapshot {
  readonly protocol: number;
  readonly revision: number;
  readonly bridge: BridgeView;
  readonly counts: Counts;
  /** Why nothing is placed today any more: the day's limit is reached. */
  readonly pause?: string | undefined;
  /** At most eight instances that are not ready. */
  readonly troubled: readonly { readonly id: string; readonly name: string; readonly state: string }[];
  /** At most five, oldest first. */
  readonly asks: readonly { readonly id: string; readonly taskId?: string | undefined; readonly title: string; readonly kind: string }[];
  /** At most five, newest last. */
  readonly ends: readonly RecentEnd[];
  /** At most two, newest last; absent while there were none. */
  readonly notices?: readonly RecentNotice[] | undefined;
  /** Only for a GUI that names itself: at most 16 of its panes, the newest; `pane_views` has all. */
  readonly panes?: readonly PanePlace[] | undefined;
}

/** What a WebSocket client gets first; ordered changes follow. */
export interface FullSnapshot {
  readonly revision: number;
  readonly bridge: BridgeView;
  readonly counts: Counts;
  /** Why nothing is placed today any more: the day's limit is reached. */
  readonly pause?: string | undefined;
  readonly instances: readonly InstanceView[];
  /** Every task that has not ended, and the newest that have. */
  readonly tasks: readonly TaskView[];
  readonly asks: readonly AskView[];
}
