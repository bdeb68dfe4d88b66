import { open, rename, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { HelloResult } from "../../shared/protocol";
import { spawnDetached } from "../adapters/process/spawn-detached";
import { ensurePrivateFolder, type Folders } from "../folders";
import { inert } from "../inert";
import { withoutMarks } from "../marks";
import { OctoError } from "../octo-error";
import type { ExitInfo } from "../ports/processes";
import { type Client, startTimeoutMs } from "./client";
import { helloIfRunning } from "./hello-if-running";

const helloPauseMs = 25;
/** After its start failed, somebody else's bridge may still be coming up. */
const afterExitMs = 1_000;
/** After it found another bridge, which may end: then it is started again. */
const afterYieldMs = 1_000;
/** File systems date what is written by the tick of the kernel. */
const timeGrainMs = 20;
const lastWordsBytesMax = 1024 * 1024;
const linesShownMax = 6;

export interface EnsuredBridge {
  readonly hello: HelloResult;
  /** It was not running before. */
  readonly started: boolean;
}

export interface EnsureRequest {
  readonly client: Client;
  readonly folders: Folders;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts the bridge where none runs and waits until it answers. Any number of starters may do so at once: the bridge's own lock
 * decides, and a bridge that finds another ends with code 0. BRIDGE_START_FAILED names the log; PROTOCOL_MISMATCH.
 */
export async function ensureBridge(request: EnsureRequest): Promise<EnsuredBridge> {
  const running = await helloIfRunning(request.client);
  if (running) return { hello: running, started: false };
  const { folders } = request;
  for (const folder of [folders.state, folders.runtime]) await ensurePrivateFolder(folder);
  await limitLastWords(folders.lastWordsFile);
  const start = () =>
    spawnDetached({
      // Beside the bundle this code is in.
      command: [process.execPath, fileURLToPath(new URL("./octo-bridge.js", import.meta.url))],
      cwd: folders.state,
      environment: withoutMarks(request.environment, folders.state),
      stdoutFile: folders.logFile,
      stderrFile: folders.lastWordsFile,
    });
  return { hello: await waitForHello(request.client, start, folders), started: true };
}

async function waitForHello(
  client: Client,
  start: () => Promise<{ readonly exited: Promise<ExitInfo> }>,
  folders: Folders,
): Promise<HelloResult> {
  const startedAtEpochMs = Date.now();
  let endAtMs = performance.now() + startTimeoutMs;
  let failure: ExitInfo | undefined;
  let againAtMs = Number.POSITIVE_INFINITY;
  const watch = ({ exited }: { readonly exited: Promise<ExitInfo> }): void =>
    void exited.then((exit) => {
      // Code 0: another bridge has the lock, and that one is waited for; unless it was one on its way out.
      if (exit.code === 0) againAtMs = performance.now() + afterYieldMs;
      else {
        failure = exit;
        endAtMs = Math.min(endAtMs, performance.now() + afterExitMs);
      }
    });
  watch(await start());
  for (;;) {
    const hello = await helloIfRunning(client).catch(passMismatch);
    if (hello) return hello;
    const nowMs = performance.now();
    if (nowMs > endAtMs) throw await startError(failure, folders, startedAtEpochMs);
    if (nowMs > againAtMs) {
      againAtMs = Number.POSITIVE_INFINITY;
      watch(await start());
    }
    await pause(helloPauseMs);
  }
}

/** While a bridge comes up anything may happen on its socket but this. */
function passMismatch(thrown: unknown): undefined {
  if (thrown instanceof OctoError && thrown.code === "PROTOCOL_MISMATCH") throw thrown;
  return undefined;
}

async function startError(
  failure: ExitInfo | undefined,
  { logFile, lastWordsFile }: Folders,
  startedAtEpochMs: number,
): Promise<OctoError> {
  const what = failure
    ? `the bridge ended with ${failure.signal ?? `code ${failure.code}`} while it started`
    : `the bridge did not answer within ${startTimeoutMs} ms`;
  const last = [await lastLines(logFile, startedAtEpochMs), await lastLines(lastWordsFile, startedAtEpochMs)]
    .filter((text) => text !== "")
    .join("\n");
  return new OctoError("BRIDGE_START_FAILED", `${what}; its log is ${logFile}${last === "" ? "" : `, which ends:\n${last}`}`);
}

/** Empty when nothing was written since. */
async function lastLines(file: string, sinceEpochMs: number): Promise<string> {
  const bytesRead = 2_048;
  try {
    await using handle = await open(file);
    const { size, mtimeMs } = await handle.stat();
    if (mtimeMs < sinceEpochMs - timeGrainMs) return "";
    const { buffer } = await handle.read({ buffer: Buffer.alloc(Math.min(bytesRead, size)), position: Math.max(0, size - bytesRead) });
    const lines = inert(buffer.toString()).trim().split("\n");
    return lines
      .slice(-linesShownMax)
      .map((line) => `  ${line.slice(0, 400)}`)
      .join("\n");
  } catch {
    return "";
  }
}

/** Node says next to nothing there; of many starts it adds up all the same. */
async function limitLastWords(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  // Another starter may have moved it in between.
  if (found && found.size > lastWordsBytesMax) await rename(file, `${file}.1`).catch(() => undefined);
}
