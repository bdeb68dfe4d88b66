export interface WezTermOptions {
  /** Lua between `local octo = …` and `return config`. */
  readonly config?: string;
  /** The argument of apply_to_config, as Lua; undefined: it is not called. */
  readonly options?: string | undefined;
  /** What the GUI has for an environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly windows?: number;
  readonly isGui?: boolean;
  readonly pid?: number;
  readonly defaultKeys?: readonly { readonly key: string; readonly mods: string }[];
  /** Where `wezterm` is. */
  readonly executableFolder?: string;
  /** Text of another plugin file than the committed one. */
  readonly bundle?: string;
}

/** The user's wezterm.lua. */
export function sourceOf({ config = "", options = "{}" }: WezTermOptions): string {
  const apply = options === "none" ? "" : `octo.apply_to_config(config, ${options})`;
  return `local wezterm = require("wezterm")
local config = {}
local octo = wezterm.plugin.require("file:///octo")
${config.includes("@apply@") ? config.replace("@apply@", apply) : `${config}\n${apply}`}
return config`;
}
