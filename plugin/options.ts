import { warnOnce } from "./log";
import type { CustomPart, Key, Options } from "./option-types";
import { partNames } from "./status/parts";

/** What an option must be, said for people; the value when it is, else undefined. */
type Check<Value> = { readonly wanted: string; readonly read: (this: void, value: unknown) => Value | undefined };

const flag: Check<boolean> = { wanted: "true or false", read: (value) => (typeof value === "boolean" ? value : undefined) };
const path: Check<string> = {
  wanted: "an absolute path",
  read: (value) => (typeof value === "string" && string.sub(value, 1, 1) === "/" ? value : undefined),
};
const words: Check<string> = { wanted: "text", read: (value) => (typeof value === "string" && value !== "" ? value : undefined) };
const side: Check<Options["status"]> = {
  wanted: '"right", "left" or "off"',
  read: (value) => (value === "right" || value === "left" || value === "off" ? value : undefined),
};
const key: Check<Key | false> = { wanted: 'false or { key = "o", mods = "CTRL|SHIFT" }', read: readKey };
const parts: Check<readonly (string | CustomPart)[]> = {
  wanted: `a list of functions and of ${partNames.join(", ")}`,
  read: readParts,
};
const keys: Check<Options["keys"]> = { wanted: "a table of command = key, or command = false", read: readKeys };
const seconds: Check<number> = {
  wanted: "a number of seconds from 1 to 60",
  read: (value) => (typeof value === "number" && value >= 1 && value <= 60 ? value : undefined),
};

/** Reads the user's options: each wrong or unknown one is said once in the log, and its default holds. */
export function readOptions(given: unknown): Options {
  const fields = fieldsOf(given);
  const take = <Value>(name: string, check: Check<Value>, fallback: Value): Value => {
    const value = fields.get(name);
    fields.delete(name);
    if (value === undefined) return fallback;
    const read = check.read(value);
    if (read === undefined) warnOnce(`option ${name} must be ${check.wanted}, not ${shown(value)}; the default holds`);
    return read ?? fallback;
  };
  const options: Options = {
    socket: take<string | undefined>("socket", path, undefined),
    octo: take<string | undefined>("octo", path, undefined),
    curl: take<string | undefined>("curl", path, undefined),
    wezterm: take<string | undefined>("wezterm", path, undefined),
    editor: take<string | undefined>("editor", words, undefined),
    start: take("start", flag, true),
    status: take("status", side, "right"),
    ascii: take("ascii", flag, false),
    colors: take("colors", flag, true),
    segments: take<readonly (string | CustomPart)[]>("segments", parts, partNames),
    key: take<Key | false>("key", key, { key: "o", mods: "CTRL|SHIFT" }),
    keys: take<Options["keys"]>("keys", keys, {}),
    keyTimeoutS: take("key_timeout", seconds, 5),
    palette: take("palette", flag, true),
    toasts: take("toasts", flag, true),
    panes: take("panes", flag, true),
    domains: take("domains", flag, true),
  };
  for (const [name] of fields) warnOnce(`there is no option ${name}; it is ignored`);
  return options;
}

function fieldsOf(given: unknown): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  if (given === undefined) return fields;
  if (type(given) !== "table") {
    warnOnce(`the options must be a table, not ${shown(given)}; the defaults hold`);
    return fields;
  }
  for (const [name, value] of pairs(given)) fields.set(tostring(name), value);
  return fields;
}

function shown(value: unknown): string {
  return typeof value === "string"
    ? `"${value}"`
    : type(value) === "number" || type(value) === "boolean"
      ? tostring(value)
      : `a ${type(value)}`;
}

function readKey(value: unknown): Key | false | undefined {
  if (value === false) return false;
  if (!isRecord(value)) return undefined;
  const { key: name, mods } = value;
  if (typeof name !== "string" || name === "" || (mods !== undefined && typeof mods !== "string")) return undefined;
  return { key: name, mods: mods ?? "NONE" };
}

function readParts(value: unknown): readonly (string | CustomPart)[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const read: (string | CustomPart)[] = [];
  for (const item of value) {
    if (isCustomPart(item)) read.push(item);
    else if (typeof item === "string" && partNames.includes(item)) read.push(item);
    else return undefined;
  }
  return read;
}

function readKeys(value: unknown): Options["keys"] | undefined {
  if (!isRecord(value)) return undefined;
  const read: Record<string, string | false> = {};
  for (const [command, chosen] of pairs(value)) {
    if (type(command) !== "string" || (chosen !== false && typeof chosen !== "string")) return undefined;
    read[tostring(command)] = chosen;
  }
  return read;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return type(value) === "table";
}

function isCustomPart(value: unknown): value is CustomPart {
  return type(value) === "function";
}
