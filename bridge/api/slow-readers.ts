import type { ServerResponse } from "node:http";
import type { TotalBacklog } from "./total-backlog";

export interface SlowReaderOptions {
  readonly timeMaxMs: number;
  /** Called for each that was cut off. */
  readonly slow: () => void;
  readonly total: TotalBacklog;
}

/**
 * Ends the connection when an answer is not taken from it within `timeMaxMs`: a client that reads slowly is cut off, not waited for, and
 * its answer's memory is given back; `slow` is called then. For answers that have been given whole (`end` was called).
 */
export function cutOffSlow(response: ServerResponse, { timeMaxMs, slow, total }: SlowReaderOptions): void {
  // Nearly always the system has taken it all at once.
  if (!response.socket || response.socket.writableLength === 0) return;
  const cutOff = (): void => {
    slow();
    response.destroy();
  };
  const timer = setTimeout(cutOff, timeMaxMs);
  const forget = total.watch({ waitingBytes: () => response.socket?.writableLength ?? 0, cutOff });
  const release = (): void => {
    clearTimeout(timer);
    forget();
  };
  response.once("finish", release);
  response.once("close", release);
  total.grew();
}
