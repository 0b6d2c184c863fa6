import { from, Observable, type ObservableInput, type Subscription } from 'rxjs';

/**
 * Opens a thing, uses it while subscribed, closes it: once, after its use has been torn down, on completion, error and
 * unsubscription alike. A thing that opens when nobody wants it any more is closed at once. Errors of opening and of use
 * are the stream's errors.
 */
export function whileOpen<T, R>(
  open: () => ObservableInput<T>,
  use: (thing: T) => ObservableInput<R>,
  close: (thing: T) => void,
): Observable<R> {
  return new Observable((subscriber) => {
    let opened = false;
    // Never unsubscribed: what is being opened must arrive here to be closed.
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
