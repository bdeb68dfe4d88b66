import type { ExitInfo, Processes, ProcessIdentity } from "../../ports/processes";

const checkIntervalMs = 500;

/**
 * Settles when a process that is not our child has ended; how it ended cannot be known then.
 * Looks every 500 ms, and never keeps this process alive.
 */
export function watchExit(processes: Processes, identity: ProcessIdentity): Promise<ExitInfo> {
  return new Promise((resolve) => {
    const look = async () => {
      // A failed look says nothing about the process.
      const isAlive = await processes.isAlive(identity).catch(() => true);
      if (isAlive) setTimeout(() => void look(), checkIntervalMs).unref();
      else resolve({ code: null, signal: null });
    };
    void look();
  });
}
