/** One GUI of WezTerm, reached by its own socket: never by "the default one", which may be somebody else's. */
export interface TerminalAddress {
  /** Absolute path of the GUI's socket. */
  readonly socketPath: string;
  /** Absolute path of the `wezterm` program. */
  readonly command: string;
}

export interface TerminalPane {
  readonly paneId: number;
  readonly tabId: number;
  readonly windowId: number;
  readonly workspace: string;
  /** Given by `setTabTitle` or by the person; "" when nobody named the tab. */
  readonly tabTitle: string;
}

export interface TerminalClient {
  readonly processId: number;
  readonly workspace: string;
  /** Absent while no window has the keyboard. */
  readonly focusedPaneId?: number | undefined;
}

export interface SpawnPaneRequest {
  /** Program and arguments; never a shell string. */
  readonly command: readonly [string, ...string[]];
  /** An existing folder: with another one WezTerm gives the id of a pane that is gone (seen). */
  readonly cwd: string;
  /** A tab in this window, or a window of its own in the workspace. */
  readonly place: { readonly windowId: number } | { readonly newWindowIn: string };
  /** A domain of WezTerm; `local` is this machine. */
  readonly domain: string;
}

/**
 * One GUI's panes. Calls run one after another (bursts stall WezTerm's own thread) and each has a deadline. All raise GUI_GONE,
 * WEZTERM_MISSING, WEZTERM_TIMEOUT, WEZTERM_ANSWER_INVALID and WEZTERM_FAILED.
 */
export interface Terminal {
  panes(): Promise<readonly TerminalPane[]>;
  clients(): Promise<readonly TerminalClient[]>;
  /** The new pane's id; its tab is the one shown in its window afterwards (seen). WINDOW_UNKNOWN, DOMAIN_UNKNOWN. */
  spawn(request: SpawnPaneRequest): Promise<number>;
  /** Shows the pane in its window. PANE_UNKNOWN. */
  activate(paneId: number): Promise<void>;
  /** Names the tab that holds the pane. PANE_UNKNOWN. */
  setTabTitle(paneId: number, title: string): Promise<void>;
  /** PANE_UNKNOWN. */
  kill(paneId: number): Promise<void>;
}

export interface Terminals {
  connect(address: TerminalAddress): Terminal;
}
