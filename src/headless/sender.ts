/** Sends values in batches, in order; `add` resolves when there is room again. */
export interface Sender<T> {
  /** Rejects when an earlier batch could not be sent. */
  add(value: T): Promise<void>;
  /** Sends what is left and resolves when all has arrived. */
  flush(): Promise<void>;
}

/** One batch of `size` values is on its way while the next one fills. */
export function createSender<T>(size: number, send: (batch: T[]) => Promise<void>): Sender<T> {
  let batch: T[] = [];
  let sending = Promise.resolve();
  const next = async () => {
    await sending;
    if (batch.length === 0) return;
    sending = send(batch);
    sending.catch(() => {}); // Reported to whoever adds or flushes next.
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
