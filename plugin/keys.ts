import * as wezterm from "wezterm";
import { commandEvent, commands } from "./commands";
import { isBuiltIn, isTaken, type KeyBinding, keyName } from "./key-conflicts";
import { warnOnce } from "./log";
import type { Options } from "./option-types";

const tableName = "octo";

/** The part of the configuration that is touched. */
export interface Config {
  keys?: KeyBinding[];
  key_tables?: Record<string, KeyBinding[]>;
  leader?: { readonly key: string; readonly mods?: string };
  disable_default_key_bindings?: boolean;
}

/**
 * Adds the key table and the key that opens it, and says in the log what was already there. The user's own keys stay. The table is
 * there without that key too: `actions.keys` opens it, and WezTerm refuses to open one that it does not know.
 */
export function addKeys(config: Config, options: Options): void {
  for (const [name] of pairs(options.keys)) {
    if (!commands.some((command) => command.name === name)) warnOnce(`option keys: there is no command ${name}`);
  }
  addTable(config, options);
  if (options.key !== false) addOpener(config, options.key, options.keyTimeoutS);
}

function addOpener(config: Config, { key, mods }: { readonly key: string; readonly mods: string }, timeoutS: number): void {
  const name = keyName(key, mods);
  const keys = config.keys ?? [];
  if (isTaken(keys, name)) {
    warnOnce(`the key ${name} is yours already: octo leaves it alone; choose another with the option key, or bind actions.keys yourself`);
    return;
  }
  if (isBuiltIn(config, name)) {
    warnOnce(`the key ${name} is one of WezTerm's own: octo leaves it alone; choose another with the option key, or bind actions.keys`);
    return;
  }
  if (config.leader !== undefined && keyName(config.leader.key, config.leader.mods) === name) {
    warnOnce(`the key ${name} is your leader: octo leaves it alone; choose another with the option key, or bind actions.keys`);
    return;
  }
  if (string.find(name, "LEADER", 1, true)[0] !== undefined && config.leader === undefined) {
    warnOnce(`the key ${name} never fires: config.leader is not set`);
  }
  keys.push({ key, mods, action: openTable(timeoutS) });
  config.keys = keys;
}

/** The action that opens the key table; built anew each time it is wanted. */
export function openTable(timeoutS: number): wezterm.Action {
  return wezterm.action.ActivateKeyTable({ name: tableName, one_shot: true, timeout_milliseconds: Math.floor(timeoutS * 1000) });
}

function addTable(config: Config, options: Options): void {
  const tables = config.key_tables ?? {};
  const own = tables[tableName] ?? [];
  for (const { name, key } of commands) {
    const chosen = options.keys[name] ?? key;
    if (chosen === undefined || chosen === false) continue;
    for (const mods of modsOf(chosen)) {
      if (isTaken(own, keyName(chosen, mods))) warnOnce(`the key ${chosen} of the key table ${tableName} is yours: ${name} has no key`);
      else own.push({ key: withCase(chosen), mods, action: wezterm.action.EmitEvent(commandEvent(name)) });
    }
  }
  // Any other key ends the table and then reaches the pane, where an Escape would interrupt OpenCode.
  if (!isTaken(own, keyName("Escape", "NONE"))) own.push({ key: "Escape", mods: "NONE", action: wezterm.action.Nop });
  tables[tableName] = own;
  config.key_tables = tables;
}

/** A sign that needs SHIFT arrives with it or without it, as the keyboard likes; letters are the same key both ways. */
function modsOf(key: string): readonly string[] {
  return string.find(key, "^%p$")[0] === undefined ? ["NONE"] : ["NONE", "SHIFT"];
}

/** With `key_map_preference = "Physical"` a bare `D` would be the key `d`. */
function withCase(key: string): string {
  return string.find(key, "^%u$")[0] === undefined ? key : `mapped:${key}`;
}
