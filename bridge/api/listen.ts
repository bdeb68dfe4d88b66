import { lstat, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { connect } from "node:net";
import { limits } from "../../shared/protocol";
import { socketPathBytesMax } from "../folders";
import { OctoError } from "../octo-error";

const probeTimeoutMs = 2_000;

/**
 * Listens on a unix socket that only the user can open (srw-------), in the place of a dead bridge's socket but never of a
 * living one's: call it while holding the bridge's lock. SOCKET_PATH_TOO_LONG, BRIDGE_START_FAILED, STATE_FOLDER_OPEN.
 */
export async function listenPrivately(server: Server, socketPath: string): Promise<void> {
  if (Buffer.byteLength(socketPath) > socketPathBytesMax) {
    throw new OctoError("SOCKET_PATH_TOO_LONG", `${socketPath} is longer than ${socketPathBytesMax} bytes`);
  }
  await clear(socketPath);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      // The mask holds for the whole process, so it is set around the call that binds and nothing else.
      const previous = process.umask(0o177);
      try {
        server.listen({ path: socketPath, backlog: limits.connectionsMax }, () => {
          server.off("error", reject);
          resolve();
        });
      } finally {
        process.umask(previous);
      }
    });
  } catch (thrown) {
    throw new OctoError("BRIDGE_START_FAILED", `cannot listen on ${socketPath}: ${String(thrown)}`, { cause: thrown });
  }
  await checkMode(server, socketPath);
}

/** A file system without modes would leave it open to everybody. */
async function checkMode(server: Server, socketPath: string): Promise<void> {
  const { uid, mode } = await lstat(socketPath);
  if (uid === process.getuid?.() && (mode & 0o777) === 0o600) return;
  await new Promise((resolve) => server.close(resolve));
  throw new OctoError("STATE_FOLDER_OPEN", `${socketPath} has mode ${(mode & 0o777).toString(8)}, owner ${uid}: others could open it`);
}

async function clear(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw new OctoError("BRIDGE_START_FAILED", `${socketPath} exists and is no socket`);
  if (await somebodyAnswers(socketPath)) throw new OctoError("BRIDGE_START_FAILED", `another bridge lives behind ${socketPath}`);
  await rm(socketPath, { force: true });
}

function somebodyAnswers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath);
    const settle = (answers: boolean) => (): void => {
      probe.destroy();
      resolve(answers);
    };
    probe.setTimeout(probeTimeoutMs, settle(true));
    probe.once("connect", settle(true));
    probe.once("error", settle(false));
  });
}
