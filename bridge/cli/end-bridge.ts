import { setTimeout as pause } from "node:timers/promises";
import { type HelloResult, protocolVersion } from "../../shared/protocol";
import { OctoError } from "../octo-error";
import { octoVersion } from "../version";
import type { Client } from "./client";
import { helloIfRunning } from "./hello-if-running";
import { compareVersions } from "./versions";

const shutDownTimeoutMs = 130_000;
/** From the bridge's answer to the end of its socket. */
const goneTimeoutMs = 15_000;

/** Ends the bridge that said this hello, of whatever version, and waits until it is gone. Gives how many instances it stopped. */
export async function endBridge(client: Client, { protocol, bridge }: HelloResult, all: boolean): Promise<number> {
  const stoppedInstances = await client.call("shut_down", { all }, { timeoutMs: shutDownTimeoutMs, protocol }).then(
    (result) => result.stoppedInstances,
    async (thrown: unknown) => {
      // Somebody else's shutdown came first.
      if (thrown instanceof OctoError && ["BRIDGE_STOPPING", "BRIDGE_NOT_RUNNING"].includes(thrown.code)) return 0;
      if (!(await isStillThere(client, bridge.pid))) return 0;
      throw thrown;
    },
  );
  const endAtMs = performance.now() + goneTimeoutMs;
  while (await isStillThere(client, bridge.pid)) {
    if (performance.now() > endAtMs)
      throw new OctoError("BRIDGE_TIMEOUT", `the bridge still answers ${goneTimeoutMs} ms after its shutdown`);
    await pause(50);
  }
  return stoppedInstances;
}

/**
 * The bridge that runs, when it is older than this octo, which may then take over from it. BRIDGE_NEWER when it is newer: that would be a
 * step back, and an older octo cannot read a newer database.
 */
export async function olderBridge(client: Client): Promise<HelloResult | undefined> {
  const running = await helloIfRunning(client, { anyProtocol: true });
  if (!running) return undefined;
  const { version } = running.bridge;
  const order = running.protocol - protocolVersion || compareVersions(version, octoVersion);
  if (order > 0) throw new OctoError("BRIDGE_NEWER", `the bridge is version ${version}, this octo ${octoVersion}`);
  return order === 0 ? undefined : running;
}

/** Another one in its place is somebody else's. */
async function isStillThere(client: Client, pid: number): Promise<boolean> {
  try {
    return (await helloIfRunning(client, { anyProtocol: true }))?.bridge.pid === pid;
  } catch {
    // It refuses while it stops.
    return true;
  }
}
