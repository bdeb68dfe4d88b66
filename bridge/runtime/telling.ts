import type { HookRun } from "../../shared/happening";
import type { Notice } from "../../shared/notice";
import type { Config } from "../config/config";
import type { Happening } from "../core/happening";
import type { CoreState } from "../core/state";
import type { Now } from "../core/time";
import type { Clock } from "../ports/clock";
import type { Commands } from "../ports/commands";
import type { Store, StoredHappening } from "../ports/store";
import type { CommittedTurn } from "./engine";
import { CommandQueue } from "./hooks/command-queue";
import { happeningView } from "./hooks/happening-view";
import { hookLogFile } from "./hooks/hook-log";
import { Hooks } from "./hooks/hooks";
import { Notifier } from "./notify/notifier";
import { tellByCommand } from "./notify/tell-by-command";

/** What it takes to run the user's own programs. */
export interface CommandHost {
  readonly commands: Commands;
  /** What hooks did is written down there. */
  readonly hookLogFile: string;
}

export interface TellingParts {
  readonly config: Config;
  readonly host: CommandHost;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: (message: string, details: Record<string, unknown>) => void;
  /** Whether the person has the instance's pane before them, in a window with the keyboard. */
  readonly isInView: (instanceId: string) => Promise<boolean>;
  /** To WezTerm's notifications, which look themselves whether it is in view. */
  readonly show: (notice: Notice) => void;
  /** To panes and boards. */
  readonly ring: (notice: Notice) => void;
}

/** Tells the user's programs, and the user, of what happens. */
export interface Telling {
  outbox(happenings: readonly Happening[], state: CoreState, now: Now): readonly StoredHappening[];
  /** Of a committed turn; takes no time. */
  note(turn: CommittedTurn): void;
  mayToast(subject: string): boolean;
  hookRuns(count: number): Promise<readonly HookRun[]>;
  start(): void;
  stop(): Promise<void>;
}

/** Notices come a few at a time; a notifier that hangs holds up only other notices. */
const notifierLimits = { atOnceMax: 1, waitingMax: 16 };

/** The plugin knows of asks and of ends of tasks by its snapshot. */
const shown = /^(?:instance|host|limit)\./;

export function createTelling({ config, host, store, clock, log, isInView, show, ring }: TellingParts): Telling {
  const hookLog = hookLogFile(host.hookLogFile, log);
  const hooks = new Hooks({ hooks: config.hooks, commands: host.commands, log: hookLog, store, clock, warn: log });
  const queue = new CommandQueue(host.commands, notifierLimits);
  const { command, bell } = config.notify;

  async function tell(notice: Notice): Promise<void> {
    if (shown.test(notice.on)) show(notice);
    if (command === undefined && !bell) return;
    if (notice.instanceId !== undefined && (await isInView(notice.instanceId))) return;
    if (bell) ring(notice);
    if (command) tellByCommand(command, notice, { queue, log: hookLog, clock });
  }

  const notifier = new Notifier({ config: config.notify, clock, tell: (notice) => void tell(notice) });
  return {
    outbox: (happenings, state, now) => hooks.outbox(happenings, state, now),
    note({ happenings, state, now }) {
      if (happenings.length === 0) return;
      const views = happenings.map((happening) => happeningView(happening, state, now));
      hooks.note(views);
      notifier.note(views);
    },
    mayToast: (subject) => notifier.mayToast(subject),
    hookRuns: (count) => hookLog.last(count),
    start() {
      void host.commands.endLeft().then(() => {
        hooks.start();
        queue.start();
      });
    },
    async stop() {
      notifier.stop();
      await Promise.all([hooks.stop(), queue.stop()]);
    },
  };
}
