import type { ErrorCode } from "../../../shared/errors";
import { OctoError } from "../../octo-error";

const waitingMax = 1_000;

/** Gives out a limited number of places, in order. */
export interface Slots {
  /** Waits for a free one; call what it gives when done. The slots' code when too many wait or none is free before the deadline. */
  acquire(deadlineMs: number): Promise<() => void>;
  free(): number;
}

export interface SlotsOptions {
  readonly limit: number;
  readonly code: ErrorCode;
  /** Of what, for messages: "sessions of NAME". */
  readonly what: string;
}

export function createSlots({ limit, code, what }: SlotsOptions): Slots {
  let used = 0;
  const waiting: (() => void)[] = [];
  const take = (): (() => void) => {
    used += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      used -= 1;
      waiting.shift()?.();
    };
  };
  return {
    free: () => limit - used,
    acquire(deadlineMs) {
      if (used < limit) return Promise.resolve(take());
      if (waiting.length >= waitingMax) return Promise.reject(new OctoError(code, `${waitingMax} commands wait for the ${what} already`));
      return new Promise((resolve, reject) => {
        const turn = (): void => {
          clearTimeout(timer);
          resolve(take());
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(new OctoError(code, `all ${limit} ${what} were in use for ${deadlineMs} ms`));
        }, deadlineMs);
        waiting.push(turn);
      });
    },
  };
}
