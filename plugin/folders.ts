import * as wezterm from "wezterm";
import { environmentVariable } from "./environment";

/** macOS takes 104 bytes with the final zero, Linux 108: the bridge's own limit. */
const socketPathBytesMax = 100;

/** Where octo's files are: the rule of bridge/folders.ts for the same environment. */
export interface Folders {
  readonly runtime: string;
  readonly state: string;
  readonly socketFile: string;
  /** What the bridge must be started with so that it listens there; none where its own rule leads there. */
  readonly environment: readonly string[];
  /** Why there can be no bridge at all. */
  readonly trouble?: string | undefined;
}

/** `socket`: the user's own choice, absolute. */
export function octoFolders(socket: string | undefined): Folders {
  const home = absolute(environmentVariable("HOME")) ?? wezterm.home_dir;
  const state = `${absolute(environmentVariable("XDG_STATE_HOME")) ?? `${home}/.local/state`}/octo`;
  const runtimeHome = absolute(environmentVariable("XDG_RUNTIME_DIR"));
  const socketFile = socket ?? `${runtimeHome === undefined ? state : `${clean(runtimeHome)}/octo`}/bridge.sock`;
  const bytes = socketFile.length;
  const trouble =
    bytes > socketPathBytesMax
      ? `the socket's path has ${bytes} bytes, ${socketPathBytesMax} are possible: set XDG_RUNTIME_DIR to a shorter path (${socketFile})`
      : undefined;
  return { runtime: parentOf(socketFile), state, socketFile, environment: environmentFor(socket), trouble };
}

/** A socket somewhere else is the bridge's too when its environment says so. */
function environmentFor(socket: string | undefined): readonly string[] {
  const [runtimeHome] = socket === undefined ? [undefined] : string.match(socket, "^(/.+)/octo/bridge%.sock$");
  return runtimeHome === undefined ? [] : [`XDG_RUNTIME_DIR=${runtimeHome}`];
}

/** A relative path in an XDG variable counts as unset. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && string.sub(path, 1, 1) === "/" ? path : undefined;
}

function clean(path: string): string {
  const [trimmed] = string.gsub(path, "/+$", "");
  return trimmed === "" ? "/" : trimmed;
}

export function parentOf(path: string): string {
  const [parent] = string.match(path, "^(.*)/[^/]*$");
  return parent === undefined || parent === "" ? "/" : parent;
}
