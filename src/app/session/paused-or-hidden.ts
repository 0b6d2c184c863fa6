import { distinctUntilChanged, fromEvent, map, type Observable, startWith, switchMap } from 'rxjs';

/** True while the page is paused or its tab is hidden. */
export function pausedOrHidden(paused$: Observable<boolean>): Observable<boolean> {
  const hidden$ = fromEvent(document, 'visibilitychange').pipe(
    startWith(undefined),
    map(() => document.hidden),
  );
  return hidden$.pipe(
    switchMap((hidden) => (hidden ? [true] : paused$)),
    distinctUntilChanged(),
  );
}
