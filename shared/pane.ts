import type { InstanceId, TaskId } from "./ids";
import type { BridgeView } from "./snapshot";

/** What a pane shows first: the bridge's own thin view, or OpenCode's TUI (300 MB). */
export const paneViewKinds = ["thin", "tui"] as const;
export type PaneViewKind = (typeof paneViewKinds)[number];

/** What a GUI of WezTerm tells about itself, at its start and again whenever it meets a bridge that does not know it. */
export interface RegisterGuiParams {
  /** Process id of the GUI: `wezterm.procinfo.pid()`. */
  readonly guiId: number;
  /** The GUI's own socket, absolute: `os.getenv 'WEZTERM_UNIX_SOCKET'` in an event handler. */
  readonly weztermSocket: string;
  /** The `wezterm` program beside the GUI's, absolute. */
  readonly weztermCommand: string;
  /** The agent that instances started from now on use for git and ssh. */
  readonly sshAuthSock?: string | undefined;
  /** Of the plugin: octo's version that it was built from. */
  readonly version: string;
}

/** A GUI of WezTerm that has registered. */
export interface GuiView {
  readonly guiId: number;
  /** Of its plugin; absent where an older octo did not write it down. */
  readonly version?: string | undefined;
}

/** What the plugin needs to know of the bridge and its configuration. */
export interface GuiSettings {
  readonly bridge: BridgeView;
  readonly view: PaneViewKind;
  /**
   * Runs the thin view in a pane that the plugin opens itself (a split, a remote domain): program and first arguments; an instance's
   * or a task's id goes after them.
   */
  readonly paneCommand: readonly string[];
  /** The bridge's own folder, mode 0700, for bodies of requests and drafts; what is older than a day is removed from it. */
  readonly spoolFolder: string;
}

export interface OpenPaneParams {
  /** A task that has an instance gets that instance's pane, with the cursor on it. */
  readonly target: InstanceId | TaskId;
  readonly guiId: number;
  /** The mux window to open it in; else the one with the keyboard, else the first of the GUI. */
  readonly windowId?: number | undefined;
  /** The pane that the person sees in that window: the view is given back to it. */
  readonly shownPaneId?: number | undefined;
  /** The person asked to see the pane: show it, also when it is open already. */
  readonly focus?: boolean | undefined;
  /** Nobody asked for it by hand: a pane that the person closed stays closed, and the result names none. */
  readonly auto?: boolean | undefined;
}

/** A mux pane that the bridge opened. */
export interface PaneView {
  readonly paneId: number;
  readonly target: InstanceId | TaskId;
  /** The instance it shows; absent for a task that has none yet. */
  readonly instanceId?: InstanceId | undefined;
  /** The task under its cursor, as far as the bridge knows: the one that a reply from this pane is for. */
  readonly taskId?: TaskId | undefined;
}

/** In the long poll of a GUI that names itself (`gui=PID`): enough to tell which pane is whose. */
export interface PanePlace {
  readonly paneId: number;
  readonly instanceId: string;
}
