import { readFile } from "node:fs/promises";
import { OctoError } from "../octo-error";
import { systemErrorCode } from "../system-error-code";
import { type Config, defaultConfig } from "./config";
import { type ConfigFault, configBytesMax } from "./config-text";
import { type CheckedConfig, checkConfigText } from "./faults";

/** Reads the file; defaults where there is none. CONFIG_INVALID tells every fault with file, line, field and value. */
export async function readConfig(path: string): Promise<Config> {
  const { config, faults } = await checkConfig(path);
  if (config) return config;
  throw new OctoError("CONFIG_INVALID", faults.map((fault) => showFault(path, fault)).join("\n"));
}

/** The same without raising what is wrong inside the file. CONFIG_INVALID when it cannot be read at all. */
export async function checkConfig(path: string): Promise<CheckedConfig & { readonly there: boolean }> {
  const text = await readText(path);
  if (text === undefined) return { config: defaultConfig(), faults: [], there: false };
  return { ...checkConfigText(text), there: true };
}

/** As compilers do, so that editors and terminals lead there. */
export function showFault(path: string, { line, message }: ConfigFault): string {
  return `${path}:${line}: ${message}`;
}

async function readText(path: string): Promise<string | undefined> {
  const text = await readFile(path, "utf8").catch((thrown: unknown) => {
    if (systemErrorCode(thrown) === "ENOENT") return undefined;
    throw new OctoError("CONFIG_INVALID", `${path} cannot be read: ${systemErrorCode(thrown) ?? String(thrown)}`);
  });
  if (text !== undefined && text.length > configBytesMax)
    throw new OctoError("CONFIG_INVALID", `${path} has more than ${configBytesMax} bytes`);
  return text;
}
