/** Raised inside a turn when its session is aborted. */
export class Aborted extends Error {
  override readonly name = "Aborted";
}

/** The promise's value, or `Aborted` as soon as the signal says so. */
export async function unlessAborted<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  if (signal.aborted) throw new Aborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Aborted());
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await unlessAborted(
      signal,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, delayMs);
      }),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Points where turns wait for the test. A gate once opened stays open. */
export interface Gates {
  pass(name: string, signal: AbortSignal): Promise<void>;
  open(name: string): void;
  /** How many turns wait there now. */
  waiting(name: string): number;
}

export function createGates(): Gates {
  const opened = new Set<string>();
  const waiters = new Map<string, Set<() => void>>();
  return {
    async pass(name, signal) {
      if (opened.has(name)) return;
      const here = waiters.get(name) ?? new Set();
      waiters.set(name, here);
      let go = (): void => {};
      const passed = new Promise<void>((resolve) => {
        go = resolve;
      });
      here.add(go);
      try {
        await unlessAborted(signal, passed);
      } finally {
        here.delete(go);
      }
    },
    open(name) {
      opened.add(name);
      for (const go of waiters.get(name) ?? []) go();
    },
    waiting: (name) => waiters.get(name)?.size ?? 0,
  };
}
