/**
 * The part of WezTerm's Lua API that the plugin calls, as 20250223-062404-4ff581a8 has it. "Since" is the first release that has it;
 * without it: 20220319 or earlier.
 *
 * "Yields" marks WezTerm's asynchronous functions. They are plain functions here, on purpose: an `await` or a generator around one
 * hangs the GUI. They work in event handlers and in what those call (through `pcall` too), and raise in synchronous events
 * (`augment-command-palette`, `format-tab-title`), at the top level of a required file, in a sort's comparator and in coroutines of
 * one's own. All of them may raise.
 *
 * @noSelfInFile
 */
declare module "wezterm" {
  /** The version as text: `20250223-062404-4ff581a8`. */
  export const version: string;
  export const home_dir: string;
  export const executable_dir: string;
  export const target_triple: string;
  export const config_dir: string;

  /**
   * One table for all Lua states of the process; outlives reloads. Only text (UTF-8), numbers and booleans: tables come back as userdata,
   * a cyclic one ends the process. Since 20220624.
   */
  export const GLOBAL: Record<string, string | number | boolean | undefined>;

  /** Handlers of one event run in the order of their registration; `false` stops the rest, and so does an error. */
  export function on(event: string, handler: (window: Window, pane: Pane, text: string | undefined) => unknown): void;
  /** Yields: waits for the handlers. */
  export function emit(event: string, ...args: unknown[]): boolean;

  /** Yields. Raises for a missing program; an empty list ends the process. stdin is null, no deadline, waits for the end of both outputs. */
  export function run_child_process(this: void, args: readonly string[]): LuaMultiReturn<[boolean, string, string]>;
  /** Yields. */
  export function sleep_ms(ms: number): void;
  /** Yields. In no order; raises for a path that is not UTF-8. */
  export function glob(this: void, pattern: string): string[];

  /** Raises for text that is not JSON, or not UTF-8. `null` is nil. */
  export function json_parse(text: string): unknown;
  /** Raises for text that is not UTF-8; a table that comes twice is null the second time; `{}` is an object. */
  export function json_encode(value: unknown): string;

  export function log_info(...args: unknown[]): void;
  export function log_warn(...args: unknown[]): void;
  export function log_error(...args: unknown[]): void;

  /** Escape sequences that draw the items. */
  export function format(items: readonly FormatItem[]): string;
  export function column_width(text: string): number;
  /** The beginning of the text, in whole signs. */
  export function truncate_right(text: string, columnsMax: number): string;
  export function hostname(): string;
  /** Does this version have an action of that name? Since 20230408. */
  export const has_action: ((name: string) => boolean) | undefined;

  export type FormatItem =
    | { readonly Foreground: { readonly AnsiColor: string } }
    | { readonly Attribute: { readonly Intensity: string } }
    | { readonly Text: string }
    | "ResetAttributes";

  /** Those that WezTerm makes of ~/.ssh/config while `ssh_domains` is not set. Since 20230408. */
  export function default_ssh_domains(): readonly object[];

  export const action: {
    readonly EmitEvent: (this: void, name: string) => Action;
    readonly Nop: Action;
    /** Fails when it is performed and the configuration has no such table. */
    readonly ActivateKeyTable: (this: void, args: KeyTableArgs) => Action;
    /** Since 20230408. `action` must be an EmitEvent; Escape gives nil. */
    readonly PromptInputLine: (this: void, args: { readonly description: string; readonly action: Action }) => Action;
    /** Since 20230408. At least one choice: the arrow keys fail in an empty list. */
    readonly InputSelector: (this: void, args: SelectorArgs) => Action;
  };

  export interface Action {
    readonly __brand: "Action";
  }

  export interface KeyTableArgs {
    readonly name: string;
    readonly one_shot: boolean;
    /** A whole number: WezTerm refuses floats. */
    readonly timeout_milliseconds: number;
  }

  export interface SelectorArgs {
    readonly title: string;
    readonly choices: readonly { readonly id: string; readonly label: string }[];
    readonly fuzzy: boolean;
    /** Since 20240127. */
    readonly description?: string;
    /** Since 20240127. */
    readonly fuzzy_description?: string;
    readonly action: Action;
  }

  export const time: {
    /**
     * In a handler, and ever after the first event of the Lua state: soon. While the configuration is evaluated: queued until it is published. Not called when the configuration was
     * reloaded in between. Each call keeps 181 bytes for the life of the Lua state: never call it again and again. Since 20220807.
     */
    readonly call_after: (this: void, seconds: number, callback: () => void) => void;
  };

  export const procinfo: {
    /** Since 20220807. */
    readonly pid: (this: void) => number;
  };

  /** Nil in the mux server and in `wezterm cli`. */
  export const gui:
    | {
        /** Since 20230320. */
        readonly gui_windows: (this: void) => Window[];
        /** The built-in keys. Since 20221119. */
        readonly default_keys: (this: void) => { readonly key: string; readonly mods: string }[];
      }
    | undefined;

  export const mux: {
    /** Raises for a pane that is gone. */
    readonly get_pane: (this: void, id: number) => Pane;
    readonly get_active_workspace: (this: void) => string;
    /** Raises for one that does not exist. */
    readonly set_active_workspace: (this: void, name: string) => void;
    /** Since 20220807. */
    readonly all_windows: (this: void) => MuxWindow[];
    /** Domains are made when the process starts: nil for one that the configuration got later. Since 20230320. */
    readonly get_domain: (this: void, name: string) => MuxDomain | undefined;
  };

  export interface Window {
    window_id(): number;
    mux_window(): MuxWindow;
    /** Since 20230408. */
    active_tab(): Tab | undefined;
    set_right_status(text: string): void;
    set_left_status(text: string): void;
    /** Since 20210502. */
    toast_notification(title: string, message: string, url?: string, timeoutMs?: number): void;
    /** Yields. */
    perform_action(action: Action, pane: Pane): void;
    /** Yields. Since 20221119. */
    is_focused(): boolean;
    /** Since 20230320. */
    focus(): void;
  }

  export interface MuxWindow {
    window_id(): number;
    get_workspace(): string;
    tabs(): Tab[];
    active_tab(): Tab | undefined;
    /** Since 20230408. */
    active_pane(): Pane | undefined;
    /** Yields. */
    spawn_tab(args: SpawnArgs): LuaMultiReturn<[Tab, Pane, MuxWindow]>;
  }

  export interface Tab {
    tab_id(): number;
    panes(): Pane[];
    active_pane(): Pane | undefined;
    set_title(title: string): void;
    /** Since 20230320. */
    get_size(): { readonly cols: number; readonly rows: number };
  }

  export interface MuxDomain {
    name(): string;
  }

  export interface Pane {
    pane_id(): number;
    get_title(): string;
    /** The name of its domain; `local` for this machine. */
    get_domain_name(): string;
    /** A Url since 20240127, text before; nil where it is not known. */
    get_current_working_dir(): unknown;
    /** Set by the program in the pane: never to be trusted. */
    get_user_vars(): Record<string, string>;
    window(): MuxWindow | undefined;
    tab(): Tab | undefined;
    /** Also shows its tab; not its window or workspace. Since 20230408. */
    activate(): void;
    send_paste(text: string): void;
    /** Yields. Since 20220624. */
    split(args: SplitArgs): Pane;
  }

  export interface SpawnArgs {
    /** The user's own shell where there are none. */
    readonly args?: readonly string[];
    readonly cwd?: string;
    readonly domain: { readonly DomainName: string };
    /** Only heeded together with `args`. */
    readonly set_environment_variables?: Record<string, string>;
  }

  export interface SplitArgs extends SpawnArgs {
    readonly direction: "Left" | "Right" | "Top" | "Bottom";
    /** Below 1 a share, else cells. */
    readonly size: number;
  }
}
