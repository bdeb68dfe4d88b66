import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { OctoError } from "../octo-error";
import { systemErrorCode } from "../system-error-code";

const bytesMax = 1024 * 1024;

/** `NAME=value` a line, as Node reads .env files; nothing for no file. CONFIG_INVALID names the file, never what is in it. */
export async function readEnvFile(path: string | undefined, home: string | undefined): Promise<Readonly<Record<string, string>>> {
  if (path === undefined) return {};
  const place = path.startsWith("~/") ? join(home ?? homedir(), path.slice(2)) : path;
  const text = await readFile(place, "utf8").catch((thrown: unknown) => {
    throw new OctoError("CONFIG_INVALID", `opencode.envFile: ${place} cannot be read: ${systemErrorCode(thrown) ?? "unknown error"}`);
  });
  if (text.length > bytesMax) throw new OctoError("CONFIG_INVALID", `opencode.envFile: ${place} has more than ${bytesMax} characters`);
  return Object.fromEntries(Object.entries(parseEnv(text)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
