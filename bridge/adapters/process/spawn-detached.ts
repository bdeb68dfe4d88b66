import { type ChildProcess, spawn } from "node:child_process";
import { type FileHandle, open, stat } from "node:fs/promises";
import { OctoError } from "../../octo-error";
import type { ExitInfo, SpawnRequest } from "../../ports/processes";
import { systemErrorCode } from "../../system-error-code";

export interface DetachedChild {
  readonly pid: number;
  /** Settles at the end of the child itself, whatever its own children still hold open. */
  readonly exited: Promise<ExitInfo>;
}

/**
 * Starts a program that outlives us: own session and group, no stdin, output appended to files (0600) that we do not keep open.
 * DIRECTORY_MISSING for the folder, OPENCODE_MISSING for the program, PROCESS_START_FAILED for the rest.
 */
export async function spawnDetached(request: SpawnRequest): Promise<DetachedChild> {
  // A missing folder and a missing program give the same ENOENT.
  const folder = await stat(request.cwd).catch(() => undefined);
  if (!folder?.isDirectory()) throw new OctoError("DIRECTORY_MISSING", `${request.cwd} is not a folder`);
  const files: FileHandle[] = [];
  try {
    for (const path of [request.stdoutFile, request.stderrFile]) files.push(await openPrivate(path));
    return await start(
      request,
      files.map(({ fd }) => fd),
    );
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

async function openPrivate(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "a", 0o600);
    await file.chmod(0o600);
    return file;
  } catch (cause) {
    throw new OctoError("PROCESS_START_FAILED", `cannot write ${path}: ${systemErrorCode(cause) ?? String(cause)}`, { cause });
  }
}

function start(request: SpawnRequest, outputs: readonly number[]): Promise<DetachedChild> {
  const [program, ...args] = request.command;
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(startError(program, cause));
    let child: ChildProcess;
    try {
      child = spawn(program, args, { cwd: request.cwd, env: request.environment, detached: true, stdio: ["ignore", ...outputs] });
    } catch (cause) {
      fail(cause);
      return;
    }
    // Stays: a later "error" without a listener would end the bridge.
    child.on("error", fail);
    // "exit", not "close": nothing is piped, and a grandchild may live on.
    const exited = new Promise<ExitInfo>((settle) => child.once("exit", (code, signal) => settle({ code, signal })));
    child.unref();
    // exec has succeeded before spawn returns; without a pid the "error" event follows.
    if (child.pid !== undefined) resolve({ pid: child.pid, exited });
  });
}

function startError(program: string, cause: unknown): OctoError {
  const code = systemErrorCode(cause);
  if (code === "ENOENT") return new OctoError("OPENCODE_MISSING", `there is no program ${program}`, { cause });
  if (code === "EACCES") return new OctoError("OPENCODE_MISSING", `${program} may not be executed`, { cause });
  return new OctoError("PROCESS_START_FAILED", `${program} does not start: ${code ?? String(cause)}`, { cause });
}
