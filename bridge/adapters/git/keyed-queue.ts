/** Runs the jobs of one key one after another, those of different keys at once. A failed job does not stop the next. */
export type KeyedQueue = <Value>(key: string, job: () => Promise<Value>) => Promise<Value>;

export function createKeyedQueue(): KeyedQueue {
  const lasts = new Map<string, Promise<unknown>>();
  return async (key, job) => {
    const result = (lasts.get(key) ?? Promise.resolve()).then(job, job);
    lasts.set(key, result);
    try {
      return await result;
    } finally {
      if (lasts.get(key) === result) lasts.delete(key);
    }
  };
}
