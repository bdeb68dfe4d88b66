import { setTimeout as pause } from "node:timers/promises";
import type { LaunchedServer } from "../../ports/opencode";
import type { Processes, ProcessIdentity } from "../../ports/processes";
import { isSameProcess } from "../../process-identity";
import { findStartedBy } from "./launcher-environment";
import { askDispose } from "./launcher-http";
import { endLeftovers, ProcessSet } from "./launcher-leftovers";

const lookIntervalMs = 50;

export interface StopOptions {
  readonly graceMs: number;
  /** What lives on when the server is gone. */
  readonly findLeftovers: () => Promise<readonly ProcessIdentity[]>;
}

/**
 * Ends a server and everything it started, in this order: dispose (turns are aborted and their messages finalised), its tools end,
 * SIGTERM, SIGKILL to the group, leftovers. Of `graceMs` dispose has half, the tools have until three quarters, and SIGTERM has the rest.
 * Right for a server that is dead, stopped by SIGSTOP or deaf to SIGTERM, and when called twice. INSTANCE_LEFTOVERS.
 */
export async function stopServer(processes: Processes, server: LaunchedServer, options: StopOptions): Promise<void> {
  const { identity } = server;
  const { graceMs, findLeftovers } = options;
  const startedAtMs = performance.now();
  const family = new ProcessSet();
  const collect = async () => family.add(await processes.descendants(identity));
  const isGone = async () => !(await processes.isAlive(identity));

  if (!(await isGone())) {
    await collect();
    const isDisposed = await Promise.race([askDispose(server.endpoint, graceMs / 2), server.exited.then(() => false)]);
    const toolsEnded = async () => (await processes.descendants(identity)).length === 0 || (await isGone());
    if (isDisposed) await waitUntil(toolsEnded, startedAtMs + graceMs * 0.75);

    await collect();
    await processes.signalGroup(identity, "SIGTERM");
    // A stopped process takes SIGTERM only when it goes on.
    await processes.signalGroup(identity, "SIGCONT");
    await waitUntil(isGone, startedAtMs + graceMs);
    await collect();
  }
  // Also for a dead leader: its group may live on.
  await processes.signalGroup(identity, "SIGKILL");
  family.add([identity]);
  await endLeftovers(processes, family, findLeftovers);
}

/**
 * What the server started, by `OPENCODE_PID`. Nothing after a reboot, or once another process has its pid: these could be
 * the children of another server.
 */
export async function findToolsOf(processes: Processes, identity: ProcessIdentity): Promise<readonly ProcessIdentity[]> {
  const [holder, self] = await Promise.all([processes.identify(identity.pid), processes.identify(process.pid)]);
  if (self?.bootId !== identity.bootId) return [];
  if (holder !== undefined && !isSameProcess(holder, identity)) return [];
  return findStartedBy(processes, identity.pid);
}

async function waitUntil(isTrue: () => Promise<boolean>, endAtMs: number): Promise<void> {
  while (!(await isTrue()) && performance.now() < endAtMs) await pause(lookIntervalMs);
}
