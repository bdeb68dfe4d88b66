import type { ServerResponse } from "node:http";

/**
 * Ends the connection when an answer is not taken from it within `timeMaxMs`: a client that reads slowly is cut off, not waited for, and
 * its answer's memory is given back; `slow` is called then. For answers that have been given whole (`end` was called).
 */
export function cutOffSlow(response: ServerResponse, timeMaxMs: number, slow: () => void): void {
  // Nearly always the system has taken it all at once.
  if (!response.socket || response.socket.writableLength === 0) return;
  const timer = setTimeout(() => {
    slow();
    response.destroy();
  }, timeMaxMs);
  const release = (): void => clearTimeout(timer);
  response.once("finish", release);
  response.once("close", release);
}
