import { concatMap, defer, finalize, map, Observable, type ObservableInput } from 'rxjs';

/** A stream whose values can be pulled one after the other, so that none queue. */
export type Pulled<T> = Observable<T> & AsyncIterable<T>;

/** True when the stream can be pulled. */
function isPulled<T>(values: Observable<T>): values is Pulled<T> {
  return Symbol.asyncIterator in values;
}

/**
 * Processes every value, one after the other, in order. A pull source delivers the next value only when the last one is
 * done; values of a push source queue. Values that never reach `project`, because the stream ended early, go to `drop`.
 */
export function every<T, R>(
  values: Observable<T>,
  project: (value: T) => ObservableInput<R>,
  drop: (value: T) => void,
): Observable<R> {
  return isPulled(values) ? pull(values, project, drop) : queue(values, project, drop);
}

function pull<T, R>(
  values: AsyncIterable<T>,
  project: (value: T) => ObservableInput<R>,
  drop: (value: T) => void,
): Observable<R> {
  return new Observable((subscriber) => {
    const run = async () => {
      for await (const value of values) {
        if (subscriber.closed) {
          drop(value);
          return;
        }
        await new Promise<void>((resolve) => {
          const work = defer(() => project(value)).subscribe({
            next: (result) => subscriber.next(result),
            error: (reason) => subscriber.error(reason),
            complete: resolve,
          });
          subscriber.add(() => {
            work.unsubscribe();
            resolve();
          });
        });
        if (subscriber.closed) return;
      }
      subscriber.complete();
    };
    run().catch((reason) => subscriber.error(reason));
  });
}

function queue<T, R>(
  values: Observable<T>,
  project: (value: T) => ObservableInput<R>,
  drop: (value: T) => void,
): Observable<R> {
  return defer(() => {
    const queued = new Set<T>();
    return values.pipe(
      // concatMap contains map: tap would add to the size of the package.
      map((value) => {
        queued.add(value);
        return value;
      }),
      concatMap((value) => {
        queued.delete(value);
        return project(value);
      }),
      finalize(() => {
        for (const value of queued) drop(value);
      }),
    );
  });
}
