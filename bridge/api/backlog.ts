import type { WebSocket } from "ws";
import { limits } from "../../shared/protocol";

export interface Backlog {
  /** Call after each `send` with its bytes; of a snapshot no client can be blamed for its size. */
  sent(bytes: number, isSnapshot: boolean): void;
  stop(): void;
}

/**
 * Calls `tooSlow` once a client lags behind by more than `clientBacklogBytesMax`, not counting the snapshot that it began with (with
 * ten thousand tasks that alone is more), or takes nothing for `stallTimeMaxMs` of what waits for it.
 */
export function watchBacklog(socket: WebSocket, stallTimeMaxMs: number, tooSlow: (bufferedBytes: number) => void): Backlog {
  let sentBytes = 0;
  let allowance = 0;
  let timer: NodeJS.Timeout | undefined;
  const takenBytes = (): number => sentBytes - socket.bufferedAmount;

  function watchProgress(takenBefore: number): void {
    timer = setTimeout(() => {
      timer = undefined;
      if (socket.bufferedAmount === 0) return;
      if (takenBytes() <= takenBefore) tooSlow(socket.bufferedAmount);
      else watchProgress(takenBytes());
    }, stallTimeMaxMs);
  }

  return {
    sent(bytes, isSnapshot) {
      sentBytes += bytes;
      const waiting = socket.bufferedAmount;
      if (waiting === 0) allowance = 0;
      else if (isSnapshot) allowance = bytes;
      if (waiting > limits.clientBacklogBytesMax + allowance) return tooSlow(waiting);
      if (waiting > 0 && timer === undefined) watchProgress(takenBytes());
    },
    stop: () => clearTimeout(timer),
  };
}
