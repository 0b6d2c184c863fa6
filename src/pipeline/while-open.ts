import { from, Observable, type ObservableInput, type Subscription } from 'rxjs';

/**
 * Opens a resource, uses it while subscribed, and closes it once: after the teardown of its use, on completion, error and
 * unsubscription. A resource that opens after unsubscription is closed at once. Errors of opening and of use are errors of
 * the stream.
 */
export function whileOpen<T, R>(
  open: () => ObservableInput<T>,
  use: (thing: T) => ObservableInput<R>,
  close: (thing: T) => void,
): Observable<R> {
  return new Observable((subscriber) => {
    let opened = false;
    // Not unsubscribed: a resource that is still opening must arrive here to be closed.
    from(open()).subscribe({
      next: (thing) => {
        if (subscriber.closed || opened) {
          close(thing);
          return;
        }
        opened = true;
        useOpened(thing);
      },
      error: (reason) => subscriber.error(reason),
      complete: () => {
        if (!opened) subscriber.complete();
      },
    });

    function useOpened(thing: T) {
      let using: Subscription | undefined;
      subscriber.add(() => {
        using?.unsubscribe();
        close(thing);
      });
      try {
        using = from(use(thing)).subscribe({
          next: (result) => subscriber.next(result),
          error: (reason) => subscriber.error(reason),
          complete: () => subscriber.complete(),
        });
      } catch (reason) {
        subscriber.error(reason);
      }
      if (subscriber.closed) using?.unsubscribe();
    }
  });
}
