import type { Stats } from "node:fs";
import { chmod, lstat, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { OctoError } from "./octo-error";
import { systemErrorCode } from "./system-error-code";

/** Where octo's files are. The same for bridge, CLI and plugin, since it follows from the environment alone. */
export interface Folders {
  /** Socket and lock: gone after a reboot, where the system has such a place. */
  readonly runtime: string;
  /** Database, logs, worktrees. */
  readonly state: string;
  /** The user's configuration; never WezTerm's own folder, where each write makes it reload. */
  readonly config: string;
  readonly socketFile: string;
  readonly lockFile: string;
  readonly configFile: string;
  /** What the bridge tells, one JSON line an event; older ones beside it as `bridge.log.N`. */
  readonly logFile: string;
  /** The last words of Node itself, where it had any. */
  readonly lastWordsFile: string;
  /** There while a person wants the bridge down: the plugin does not start it then. */
  readonly heldDownFile: string;
  /** GUIs of WezTerm and the panes opened in them. */
  readonly panesFile: string;
  /** For bodies of requests and drafts of clients that cannot make private files themselves (WezTerm's Lua). */
  readonly spool: string;
}

/** macOS takes 104 bytes with the final zero, Linux 108. Source: sockaddr_un in unix(4) and unix(7). */
export const socketPathBytesMax = 100;

/**
 * The folders for an environment; nothing is created. A relative path in an XDG variable counts as unset, as the XDG Base Directory
 * Specification demands. SOCKET_PATH_TOO_LONG.
 */
export function octoFolders(environment: Readonly<Record<string, string | undefined>>): Folders {
  const home = absolute(environment.HOME) ?? homedir();
  const state = join(absolute(environment.XDG_STATE_HOME) ?? join(home, ".local", "state"), "octo");
  const config = join(absolute(environment.XDG_CONFIG_HOME) ?? join(home, ".config"), "octo");
  const runtimeHome = absolute(environment.XDG_RUNTIME_DIR);
  const runtime = runtimeHome === undefined ? state : join(runtimeHome, "octo");
  const socketFile = join(runtime, "bridge.sock");
  const bytes = Buffer.byteLength(socketFile);
  if (bytes > socketPathBytesMax) {
    throw new OctoError("SOCKET_PATH_TOO_LONG", `${socketFile} has ${bytes} bytes; a socket's path may have ${socketPathBytesMax}`);
  }
  return {
    runtime,
    state,
    config,
    socketFile,
    lockFile: join(runtime, "bridge.lock"),
    configFile: join(config, "config.json"),
    logFile: join(state, "bridge.log"),
    lastWordsFile: join(state, "bridge.stderr"),
    heldDownFile: join(state, "held-down"),
    panesFile: join(state, "panes.json"),
    spool: join(runtime, "spool"),
  };
}

/**
 * Afterwards the path is a real folder (no symbolic link), owned by us, mode 0700; parents are created likewise. A folder of ours that
 * others could read is closed to them. STATE_FOLDER_FOREIGN when it is somebody else's or no folder, STATE_FOLDER_OPEN when others could
 * write (what is in it may be theirs) or its file system knows no modes, STORE_FULL, STORE_FAILED.
 */
export async function ensurePrivateFolder(path: string): Promise<void> {
  try {
    const found = (await lstatIfThere(path)) ?? (await makeFolder(path));
    if (!found.isDirectory()) throw new OctoError("STATE_FOLDER_FOREIGN", `${path} is no folder`);
    if (found.uid !== process.getuid?.()) throw new OctoError("STATE_FOLDER_FOREIGN", `${path} belongs to user ${found.uid}`);
    checkClosed(path, found);
    if (modeOf(found) === 0o700) return;
    await chmod(path, 0o700);
    const left = modeOf(await lstat(path));
    if (left !== 0o700)
      throw new OctoError("STATE_FOLDER_OPEN", `${path} keeps the mode ${left.toString(8)}: its file system knows no other`);
  } catch (thrown) {
    throw folderError(path, thrown);
  }
}

/**
 * For a client before it speaks: what answers there is the user's own. Nothing there is no error. SOCKET_FOREIGN when the socket or its
 * folder is another user's, STATE_FOLDER_OPEN when others could have put a socket there.
 */
export async function checkSocketIsOurs(socketFile: string): Promise<void> {
  const socket = await lstatIfThere(socketFile);
  if (!socket) return;
  const folder = dirname(socketFile);
  const around = await lstat(folder);
  const uid = process.getuid?.();
  if (socket.uid !== uid) throw new OctoError("SOCKET_FOREIGN", `${socketFile} belongs to user ${socket.uid}, you are ${uid}`);
  if (around.uid !== uid) throw new OctoError("SOCKET_FOREIGN", `${folder} belongs to user ${around.uid}, you are ${uid}`);
  checkClosed(folder, around);
}

function checkClosed(path: string, found: Stats): void {
  if ((found.mode & 0o022) === 0) return;
  throw new OctoError("STATE_FOLDER_OPEN", `${path} has mode ${modeOf(found).toString(8)}: others can write into it`);
}

function modeOf(found: Stats): number {
  return found.mode & 0o777;
}

/** Looks first: behind a dangling symbolic link, mkdir(2) raises an error that says nothing. */
async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

async function makeFolder(path: string): Promise<Stats> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  return lstat(path);
}

function folderError(path: string, thrown: unknown): OctoError {
  if (thrown instanceof OctoError) return thrown;
  const code = systemErrorCode(thrown) ?? String(thrown);
  if (["EEXIST", "ENOTDIR", "ELOOP"].includes(code)) {
    return new OctoError("STATE_FOLDER_FOREIGN", `${path} cannot be a folder: something else is in its place`, { cause: thrown });
  }
  if (["EACCES", "EPERM"].includes(code)) {
    return new OctoError("STATE_FOLDER_FOREIGN", `${path} is in a folder where you may not write`, { cause: thrown });
  }
  if (["ENOSPC", "EDQUOT"].includes(code)) return new OctoError("STORE_FULL", `no space for the folder ${path}`, { cause: thrown });
  return new OctoError("STORE_FAILED", `cannot create the folder ${path}: ${code}`, { cause: thrown });
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
