/** Sends values in batches and in order. */
export interface Sender<T> {
  /** Resolves when another value can be added. Rejects if sending an earlier batch failed. */
  add(value: T): Promise<void>;
  /** Sends the remaining values. Resolves when all batches have been received. */
  flush(): Promise<void>;
}

/** While one batch of `size` values is being sent, the next one fills. */
export function createSender<T>(size: number, send: (batch: T[]) => Promise<void>): Sender<T> {
  let batch: T[] = [];
  let sending = Promise.resolve();
  const next = async () => {
    await sending;
    if (batch.length === 0) return;
    sending = send(batch);
    sending.catch(() => {}); // The next add or flush rejects with it.
    batch = [];
  };
  return {
    async add(value) {
      batch.push(value);
      if (batch.length >= size) await next();
    },
    async flush() {
      await next();
      await sending;
    },
  };
}
