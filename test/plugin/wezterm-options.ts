export interface WezTermOptions {
  /** Lua between `local octo = …` and `return config`. */
  readonly config?: string;
  /** The argument of apply_to_config, as Lua; undefined: it is not called. */
  readonly options?: string | undefined;
  /** The configuration is one of WezTerm's strict builder. */
  readonly strict?: boolean;
  /** What the GUI has for an environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly windows?: number;
  readonly isGui?: boolean;
  readonly pid?: number;
  readonly defaultKeys?: readonly { readonly key: string; readonly mods: string }[];
  /** Hosts of ~/.ssh/config. */
  readonly sshHosts?: readonly string[];
  /** As 20240203 and older: without the functions that came later. */
  readonly isOld?: boolean;
  /** Where `wezterm` is. */
  readonly executableFolder?: string;
  /** Text of another plugin file than the committed one. */
  readonly bundle?: string;
}

/** The user's wezterm.lua. */
export function sourceOf({ config = "", options = "{}", strict = false }: WezTermOptions): string {
  const apply = options === "none" ? "" : `octo.apply_to_config(config, ${options})`;
  return `local wezterm = require("wezterm")
local config = ${strict ? "wezterm.config_builder()" : "{}"}
local octo = wezterm.plugin.require("file:///octo")
${config.includes("@apply@") ? config.replace("@apply@", apply) : `${config}\n${apply}`}
return config`;
}
