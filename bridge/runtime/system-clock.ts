import type { Clock } from "../ports/clock";

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  soon(call) {
    const immediate = setImmediate(call);
    return () => clearImmediate(immediate);
  },
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
