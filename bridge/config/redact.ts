import type { Config } from "./config";
import { configFields } from "./fields";

const redacted = "(secret)";

/** The configuration as it may be shown: the names of secrets stay, their values do not. */
export function withoutSecrets(config: Config): unknown {
  return configFields()
    .filter(({ secret }) => secret)
    .reduce<unknown>((whole, { path }) => hidden(whole, path), config);
}

function hidden(value: unknown, path: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value === undefined ? undefined : redacted;
  if (Array.isArray(value)) return value.map((item) => hidden(item, path));
  const [name, ...rest] = path;
  const entries = Object.entries(value).map(([key, item]) => {
    if (name === undefined) return [key, hidden(item, [])];
    return [key, key === name ? hidden(item, rest) : item];
  });
  return Object.fromEntries(entries);
}
