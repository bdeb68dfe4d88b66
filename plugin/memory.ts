import * as wezterm from "wezterm";
import { attempt } from "./attempt";

// What outlives a reload: text and numbers in WezTerm's GLOBAL, one table for all Lua states of the process. Never tables.

const prefix = "octo_";

export function rememberedText(key: string): string | undefined {
  const found = attempt(() => wezterm.GLOBAL[prefix + key]);
  return found.ok && typeof found.value === "string" ? found.value : undefined;
}

export function rememberedNumber(key: string): number {
  const found = attempt(() => wezterm.GLOBAL[prefix + key]);
  return found.ok && typeof found.value === "number" ? found.value : 0;
}

export function remember(key: string, value: string | number): void {
  attempt(() => {
    wezterm.GLOBAL[prefix + key] = value;
  });
}

/** A table as JSON; undefined where there is none or it cannot be read. */
export function rememberedTable(key: string): unknown {
  const text = rememberedText(key);
  if (text === undefined || text === "") return undefined;
  const parsed = attempt(() => wezterm.json_parse(text));
  return parsed.ok ? parsed.value : undefined;
}

export function rememberTable(key: string, value: unknown): void {
  const encoded = attempt(() => wezterm.json_encode(value));
  if (encoded.ok) remember(key, encoded.value);
}

export function forget(key: string): void {
  remember(key, "");
}
