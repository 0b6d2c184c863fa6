import { defer, Observable, type ObservableInput, type OperatorFunction, type Subscription } from 'rxjs';

/**
 * Works on one value at a time. Of the values that come meanwhile the newest waits; a replaced one goes to `drop`, and
 * so does the one still waiting when the stream ends early (unsubscribed, or an error from either side). When the
 * source completes, the waiting value is still worked on. `project` owns the value it is given.
 */
export function newest<T, R>(
  project: (value: T) => ObservableInput<R>,
  drop: (value: T) => void,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      let busy = false;
      let completed = false;
      let waiting: readonly [T] | undefined;
      let work: Subscription | undefined;
      let input: Subscription | undefined;

      const dropWaiting = () => {
        const dropped = waiting;
        waiting = undefined;
        if (dropped) drop(dropped[0]);
      };

      const start = (value: T) => {
        busy = true;
        work = defer(() => project(value)).subscribe({
          next: (result) => subscriber.next(result),
          error: (reason) => subscriber.error(reason),
          complete: () => {
            busy = false;
            const next = waiting;
            waiting = undefined;
            if (next) start(next[0]);
            else if (completed) subscriber.complete();
          },
        });
        if (subscriber.closed) work.unsubscribe();
      };

      subscriber.add(() => {
        input?.unsubscribe();
        work?.unsubscribe();
        dropWaiting();
      });

      input = source.subscribe({
        next: (value) => {
          if (subscriber.closed) drop(value);
          else if (busy) {
            dropWaiting();
            waiting = [value];
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
