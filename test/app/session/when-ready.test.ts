import { Observable, Subject, switchMap, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Source } from '../../../src/app/session/source';
import { whenReady } from '../../../src/app/session/when-ready';
import type { Frame } from '../../../src/face/types';
import { Ledger } from '../../capture/doubles';

function setUp() {
  const ledger = new Ledger();
  const frames$ = new Subject<Frame>();
  const open = { now: 0, times: 0 };
  const source: Source = {
    kind: 'video',
    name: 'a',
    frames$: new Observable((subscriber) => {
      open.now++;
      open.times++;
      subscriber.add(() => open.now--);
      return frames$.subscribe(subscriber);
    }),
  };
  const present = (index: number) => frames$.next(ledger.frame(index));
  return { ledger, frames$, open, source, present };
}

/** Takes frames and closes them. */
function taken(frames$: Observable<Frame>) {
  const seen: (number | string)[] = [];
  const subscription = frames$.subscribe({
    next: ({ index, image }) => {
      seen.push(index);
      image.close();
    },
    error: (error: Error) => seen.push(error.message),
  });
  return { seen, subscription };
}

describe('whenReady', () => {
  it('A15 emits the source at its first frame, and continues with that frame', () => {
    const { ledger, open, source, present } = setUp();
    const results: ReturnType<typeof taken>[] = [];
    whenReady(source).subscribe((ready) => results.push(taken(ready.frames$)));
    expect(results).toEqual([]);
    for (const index of [0, 1, 2]) present(index);
    expect(results[0]?.seen).toEqual([0, 1, 2]);
    results[0]?.subscription.unsubscribe();
    expect([open.now, open.times, ledger.faults()]).toEqual([0, 1, []]);
  });

  it('A15 errors if the source fails before its first frame; a later error belongs to the frames', () => {
    const early = setUp();
    const told: string[] = [];
    whenReady(early.source).subscribe({ error: (error: Error) => told.push(error.message) });
    early.frames$.error(new Error('no video track'));
    expect([told, early.open.now]).toEqual([['no video track'], 0]);
    const late = setUp();
    const seen: (number | string)[][] = [];
    whenReady(late.source).subscribe((ready) => seen.push(taken(ready.frames$).seen));
    late.present(0);
    late.frames$.error(new Error('damaged'));
    expect(seen).toEqual([[0, 'damaged']]);
  });

  it('A15 a source that emits while it opens is closed with its frames when the consumer leaves at the first one', () => {
    const { ledger } = setUp();
    let isOpen = false;
    const frames$ = new Observable<Frame>((subscriber) => {
      isOpen = true;
      for (const index of [0, 1, 2]) subscriber.next(ledger.frame(index));
      return () => {
        isOpen = false;
      };
    });
    const seen: number[] = [];
    whenReady({ kind: 'video', name: 'a', frames$ })
      .pipe(switchMap((ready) => ready.frames$.pipe(take(1))))
      .subscribe(({ index, image }) => {
        seen.push(index);
        image.close();
      });
    expect([seen, isOpen, ledger.faults()]).toEqual([[0], false, []]);
  });

  it('A15 closes the source and the first frame if nothing takes them', () => {
    const { ledger, open, source, present } = setUp();
    const subscription = whenReady(source).subscribe();
    present(0);
    present(1);
    subscription.unsubscribe();
    expect([open.now, ledger.made, ledger.faults()]).toEqual([0, 2, []]);
  });

  it('A15 a later subscription opens the source again', () => {
    const { open, source, present } = setUp();
    let frames$: Observable<Frame> | undefined;
    whenReady(source).subscribe((ready) => {
      frames$ = ready.frames$;
      taken(ready.frames$).subscription.unsubscribe();
    });
    present(0);
    expect(open.now).toBe(0);
    const again = frames$ && taken(frames$);
    present(1);
    expect([again?.seen, open.times]).toEqual([[1], 2]);
  });
});
