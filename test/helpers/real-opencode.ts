import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { nativeBinary } from "../../bridge/adapters/opencode/launcher-native-binary";
import { quietEnvironment, standInConfig } from "../../bridge/demo/stand-in/config";
import { type ServerProcess, startServerProcess } from "./server-process";

export interface RealOpenCodeRequest {
  /** Holds its HOME, its data and `work`, the folder it starts in; the same folder again gives the same sessions. */
  readonly folder: string;
  readonly password: string;
  /** The stand-in's address: its only model. */
  readonly standInUrl: string;
  readonly port?: number;
}

/** The OpenCode that is installed here, as a process that reaches nothing outside: own HOME, own database, no network. */
export async function startRealOpenCode({ folder, password, standInUrl, port = 0 }: RealOpenCodeRequest): Promise<ServerProcess> {
  const program = await nativeBinary(join(import.meta.dirname, "../../node_modules/.bin/opencode"));
  if (program === undefined) throw new Error("opencode-ai is installed without its program: run `npm ci`");
  const cwd = join(folder, "work");
  await mkdir(cwd, { recursive: true });
  const environment = {
    ...quietEnvironment(),
    PATH: process.env.PATH ?? "",
    HOME: folder,
    XDG_DATA_HOME: join(folder, "data"),
    XDG_STATE_HOME: join(folder, "state"),
    XDG_CACHE_HOME: join(folder, "cache"),
    XDG_CONFIG_HOME: join(folder, "config"),
    OPENCODE_DB: join(folder, "opencode.db"),
    OPENCODE_SERVER_PASSWORD: password,
    OPENCODE_CONFIG_CONTENT: JSON.stringify(standInConfig(standInUrl)),
  };
  return startServerProcess({ command: [program], environment, cwd, port });
}
