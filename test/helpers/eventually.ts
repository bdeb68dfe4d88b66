export interface EventuallyOptions {
  /** Default 5,000. */
  readonly timeoutMs?: number;
  /** Pause between two tries, default 20. */
  readonly intervalMs?: number;
}

const timedOut = Symbol("timed out");

/**
 * Calls `check` until it returns without raising, and gives its result. A check fails by raising: use `expect` in it.
 * Raises after `timeoutMs` with the last failure as its cause, also when a single call hangs.
 */
export async function eventually<Result>(check: () => Result | Promise<Result>, options: EventuallyOptions = {}): Promise<Result> {
  const { timeoutMs = 5_000, intervalMs = 20 } = options;
  const endAtMs = performance.now() + timeoutMs;
  let failure: unknown = new Error("the check did not answer once");
  let tries = 0;
  for (;;) {
    tries += 1;
    try {
      const result = await within(Math.max(1, endAtMs - performance.now()), check);
      if (result !== timedOut) return result;
    } catch (thrown) {
      failure = thrown;
    }
    if (performance.now() >= endAtMs) {
      const last = failure instanceof Error ? failure.message : String(failure);
      throw new Error(`not true within ${timeoutMs} ms (${tries} tries); the last failure: ${last}`, { cause: failure });
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

async function within<Result>(deadlineMs: number, check: () => Result | Promise<Result>): Promise<Result | typeof timedOut> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof timedOut>((resolve) => {
    timer = setTimeout(resolve, deadlineMs, timedOut);
  });
  try {
    return await Promise.race([check(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
