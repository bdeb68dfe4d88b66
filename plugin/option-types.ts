import type { StatusSnapshot } from "../shared/snapshot";

export interface Key {
  readonly key: string;
  readonly mods: string;
}

/** A user's own part of the status line. */
export type CustomPart = (this: void, snapshot: StatusSnapshot) => unknown;

/** The options of `apply_to_config`, checked, with defaults. README explains each. */
export interface Options {
  readonly socket: string | undefined;
  readonly octo: string | undefined;
  readonly curl: string | undefined;
  readonly wezterm: string | undefined;
  readonly editor: string | undefined;
  readonly start: boolean;
  readonly status: "right" | "left" | "off";
  readonly ascii: boolean;
  readonly colors: boolean;
  readonly segments: readonly (string | CustomPart)[];
  readonly key: Key | false;
  /** Keys of the table by the name of their command; false: none. */
  readonly keys: Readonly<Record<string, string | false>>;
  readonly keyTimeoutS: number;
  readonly palette: boolean;
  readonly toasts: boolean;
  readonly panes: boolean;
  readonly domains: boolean;
}
