import * as wezterm from "wezterm";
import { attempt } from "./attempt";
import type { Config } from "./keys";
import { remember, rememberedText } from "./memory";

export interface KeyBinding {
  readonly key: string;
  readonly mods?: string;
  readonly action: unknown;
}

const aliases: Readonly<Record<string, string>> = { CMD: "SUPER", WIN: "SUPER", OPT: "ALT", META: "ALT" };
const builtInKey = "built_in_keys";

/** One name for a key however it was written: `o` with `SHIFT|CTRL` and `O` with `CTRL` are both `CTRL|SHIFT o`. */
export function keyName(key: string, mods: string | undefined): string {
  const found: string[] = [];
  for (const [word] of string.gmatch(string.upper(mods ?? ""), "[%w_]+")) {
    if (word !== undefined && word !== "NONE") found.push(aliases[word] ?? word);
  }
  let [name] = string.gsub(key, "^(%a+):(.)", "%2");
  if (string.find(name, "^%u$")[0] !== undefined) {
    name = string.lower(name);
    if (!found.includes("SHIFT")) found.push("SHIFT");
  }
  found.sort();
  return found.length === 0 ? name : `${found.join("|")} ${name}`;
}

export function isTaken(keys: readonly KeyBinding[], name: string): boolean {
  for (const { key, mods } of keys) if (type(key) === "string" && keyName(key, mods) === name) return true;
  return false;
}

/** Is it a key of WezTerm itself? They are listed once a process: that takes milliseconds. Unknown in the mux server. */
export function isBuiltIn(config: Config, name: string): boolean {
  if (config.disable_default_key_bindings === true) return false;
  let known = rememberedText(builtInKey);
  if (known === undefined) {
    known = builtInKeys();
    if (known !== undefined) remember(builtInKey, known);
  }
  return known !== undefined && string.find(known, `\n${name}\n`, 1, true)[0] !== undefined;
}

function builtInKeys(): string | undefined {
  const { gui } = wezterm;
  if (gui === undefined) return undefined;
  const listed = attempt(() => gui.default_keys());
  if (!listed.ok) return undefined;
  const names = listed.value.map(({ key, mods }) => keyName(key, mods));
  return `\n${names.join("\n")}\n`;
}
