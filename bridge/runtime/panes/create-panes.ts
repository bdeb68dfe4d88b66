import type { InstanceId, TaskId } from "../../../shared/ids";
import { instanceTitle, taskTitle } from "../../core/pane-title";
import type { PaneTarget } from "../../core/panes";
import type { CoreState } from "../../core/state";
import type { Task } from "../../core/task";
import { inert } from "../../inert";
import type { Clock } from "../../ports/clock";
import type { Processes } from "../../ports/processes";
import type { Terminals } from "../../ports/terminals";
import { stateName } from "../task-view";
import { instanceView } from "../views";
import { type DomainPaneParts, findDomainPanes } from "./domain-pane";
import { isPaneInView } from "./in-view";
import type { PaneBookFile } from "./pane-book-file";
import { PaneCursors } from "./pane-cursors";
import { PaneKeeper } from "./pane-keeper";
import { keepTitles } from "./pane-titles";

/** What panes need of the outside. */
export interface PaneHost {
  readonly terminals: Terminals;
  readonly file: PaneBookFile;
  readonly paneCommand: readonly [string, ...string[]];
  /** Where panes begin. */
  readonly folder: string;
  readonly spoolFolder: string;
  /** A GUI says hello: the spool is tidied up, and instances started from now on use its agent. */
  readonly greeted: (hello: { readonly sshAuthSock?: string | undefined }) => Promise<void>;
}

export interface PanesParts {
  readonly clock: Clock;
  readonly processes: Processes;
  readonly state: () => CoreState;
  /** Live or ended; undefined when there is none. */
  readonly taskOf: (id: TaskId) => Task | undefined;
  readonly hosts: DomainPaneParts["hosts"];
  readonly passwordOf: DomainPaneParts["passwordOf"];
  readonly changed: () => void;
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/** The mux panes of every GUI, with their titles and cursors. */
export interface Panes {
  readonly host: PaneHost;
  readonly keeper: PaneKeeper;
  readonly cursors: PaneCursors;
  /** The instance that a target is shown with. */
  instanceOf(target: PaneTarget): InstanceId | undefined;
  /** Whether a GUI with the keyboard shows the instance's pane. Raises nothing; a GUI that does not answer shows nothing. */
  isInView(instanceId: string): Promise<boolean>;
  /** Something was committed: titles may be stale. */
  note(): void;
  stop(): Promise<void>;
}

const stopTimeoutMs = 2_000;

export function createPanes(host: PaneHost, parts: PanesParts): Panes {
  const { clock, processes, state, taskOf, hosts, passwordOf, changed, log } = parts;

  function titleOf(target: PaneTarget): string | undefined {
    if (isInstanceId(target)) {
      const instance = state().instances.get(target);
      return instance && instanceTitle(instanceView(instance, state().tasks.loads.get(target), state().hosts));
    }
    const task = isTaskId(target) ? taskOf(target) : undefined;
    return task && taskTitle({ title: inert(task.title), state: stateName(task) });
  }

  function instanceOf(target: PaneTarget): InstanceId | undefined {
    if (isInstanceId(target)) return target;
    const task = isTaskId(target) ? taskOf(target) : undefined;
    return task && instanceOfTask(task);
  }

  const { terminals, file, paneCommand, folder } = host;
  const domainPane = findDomainPanes({ state, taskOf, hosts, instanceOf, passwordOf });
  const keeper = new PaneKeeper({ terminals, processes, file, paneCommand, folder, titleOf, domainPane, changed, log });
  const titles = keepTitles({ keeper, clock, titleOf, log });
  return {
    host,
    keeper,
    cursors: new PaneCursors(),
    instanceOf,
    isInView: (instanceId) => isPaneInView(keeper, instanceOf, instanceId),
    note: titles.note,
    async stop() {
      titles.stop();
      await Promise.race([keeper.idle(), new Promise<void>((resolve) => clock.after(stopTimeoutMs, resolve))]);
    },
  };
}

/** Where its session is, or was last. */
function instanceOfTask({ state, session }: Task): InstanceId | undefined {
  return state.kind === "active" ? state.attempt.instanceId : session?.instanceId;
}

export function isInstanceId(target: PaneTarget): target is InstanceId {
  return target.startsWith("ins_");
}

export function isTaskId(target: PaneTarget): target is TaskId {
  return target.startsWith("tsk_");
}
