import { defer, Observable, type ObservableInput, type OperatorFunction, type Subscription } from 'rxjs';

/**
 * Processes one value at a time. While a value is being processed, only the newest pending value is kept; older ones go to
 * `drop`, and so does the pending one when the stream ends early (unsubscription, or an error from either side). When the
 * source completes, the pending value is still processed. `project` owns the values it receives.
 */
export function newest<T, R>(
  project: (value: T) => ObservableInput<R>,
  drop: (value: T) => void,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      let busy = false;
      let completed = false;
      let pending: readonly [T] | undefined;
      let work: Subscription | undefined;
      let input: Subscription | undefined;

      const dropPending = () => {
        const dropped = pending;
        pending = undefined;
        if (dropped) drop(dropped[0]);
      };

      const start = (value: T) => {
        busy = true;
        work = defer(() => project(value)).subscribe({
          next: (result) => subscriber.next(result),
          error: (reason) => subscriber.error(reason),
          complete: () => {
            busy = false;
            const next = pending;
            pending = undefined;
            if (next) start(next[0]);
            else if (completed) subscriber.complete();
          },
        });
        if (subscriber.closed) work.unsubscribe();
      };

      subscriber.add(() => {
        input?.unsubscribe();
        work?.unsubscribe();
        dropPending();
      });

      input = source.subscribe({
        next: (value) => {
          if (subscriber.closed) drop(value);
          else if (busy) {
            dropPending();
            pending = [value];
          } else start(value);
        },
        error: (reason) => subscriber.error(reason),
        complete: () => {
          completed = true;
          if (!busy) subscriber.complete();
        },
      });
      if (subscriber.closed) input.unsubscribe();
    });
}
