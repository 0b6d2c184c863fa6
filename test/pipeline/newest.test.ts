import { exhaustMap, Observable, type OperatorFunction, of, Subject, switchMap, tap, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { newest } from '../../src/pipeline/newest';

type Operator = <T, R>(project: (value: T) => Observable<R>, drop: (value: T) => void) => OperatorFunction<T, R>;

/** Runs a source through the operator; each piece of work is `work`. Returns what was dropped and when. */
function run(operator: Operator, { source, work, unsubscribe, expected }: Record<string, string>): string[] {
  const dropped: string[] = [];
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
  scheduler.run(({ hot, cold, expectObservable }) => {
    const frames$ = hot(source ?? '');
    const project = (frame: string) => cold((work ?? '').replaceAll('r', frame));
    const drop = (frame: string) => dropped.push(`${frame}@${scheduler.now()}`);
    expectObservable(frames$.pipe(operator(project, drop)), unsubscribe).toBe(expected ?? '');
  });
  return dropped;
}

const rules: Record<string, (operator: Operator) => void> = {
  'F4: works on one at a time, the newest waits, replaced ones are dropped'(operator) {
    const dropped = run(operator, {
      source: '  abc-d---|',
      work: '    ---(r|)',
      expected: '---a--c--(d|)',
    });
    expect(dropped).toEqual(['b@2']);
  },
  'F4: works on what waits when the source has completed'(operator) {
    const dropped = run(operator, { source: 'ab|', work: '--(r|)', expected: '--a-(b|)' });
    expect(dropped).toEqual([]);
  },
  'F5: drops what waits on unsubscription and stops the work'(operator) {
    const dropped = run(operator, {
      source: '     ab----',
      work: '       ---(r|)',
      unsubscribe: '--!',
      expected: '   ------',
    });
    expect(dropped).toEqual(['b@2']);
  },
  'F5: drops what waits when the source errs'(operator) {
    const dropped = run(operator, { source: 'ab#', work: '---(r|)', expected: '--#' });
    expect(dropped).toEqual(['b@2']);
  },
  'F5: drops what waits when the work errs, and passes the error on'(operator) {
    const dropped = run(operator, { source: 'ab----', work: '---#', expected: '---#' });
    expect(dropped).toEqual(['b@3']);
  },
};

describe('newest', () => {
  for (const [title, check] of Object.entries(rules)) it(title, () => check(newest));

  it('F5: an error thrown by project is an error of the stream', () => {
    const seen: unknown[] = [];
    const fail = (): Observable<string> => {
      throw new Error('no');
    };
    of('a')
      .pipe(newest(fail, () => undefined))
      .subscribe({ error: (reason) => seen.push(reason) });
    expect(seen).toEqual([new Error('no')]);
  });

  it('F5: values after the end of a source are dropped', () => {
    const dropped: string[] = [];
    of('a', 'b', 'c')
      .pipe(
        newest(
          () => throwError(() => new Error('no')),
          (value: string) => dropped.push(value),
        ),
      )
      .subscribe({ error: () => undefined });
    expect(dropped).toEqual(['b', 'c']);
  });

  it('P9: a subscription after an error starts from the beginning', () => {
    const frames$ = new Subject<string>();
    const results: string[] = [];
    let failing = true;
    const tracked$ = frames$.pipe(
      newest(
        (value) => (failing ? throwError(() => new Error('no')) : of(value)),
        () => undefined,
      ),
    );
    tracked$.subscribe({ error: () => undefined });
    frames$.next('a');
    failing = false;
    tracked$.subscribe((value) => results.push(value));
    frames$.next('b');
    expect(results).toEqual(['b']);
  });

  it('unsubscribes from the source exactly when it is unsubscribed', () => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('a-b-c-');
      expectObservable(
        source$.pipe(
          newest(
            () => of('x'),
            () => undefined,
          ),
        ),
        '---!',
      ).toBe('x-x');
      expectSubscriptions(source$.subscriptions).toBe('^--!');
    });
  });
});

describe('newest: planted faults are caught', () => {
  const faults: Record<string, Operator> = {
    'exhaustMap drops without telling': (project) => exhaustMap(project),
    'switchMap abandons the work': (project) => switchMap(project),
    'the oldest waits': (project, drop) => (source) => {
      let waiting = 0;
      return source.pipe(tap({ next: (value) => waiting++ > 1 && drop(value) }), exhaustMap(project));
    },
    'what waits is forgotten on unsubscription': (project, drop) => (source) =>
      new Observable((subscriber) => {
        let over = false;
        const subscription = source.pipe(newest(project, (value) => over || drop(value))).subscribe({
          next: (result) => subscriber.next(result),
          error: (reason) => subscriber.error(reason),
          complete: () => subscriber.complete(),
        });
        return () => {
          over = true;
          subscription.unsubscribe();
        };
      }),
    'what waits is forgotten when the work errs': (project, drop) => {
      let over = false;
      const end = () => {
        over = true;
      };
      return newest(
        (value) => project(value).pipe(tap({ error: end })),
        (value) => over || drop(value),
      );
    },
  };
  for (const [title, fault] of Object.entries(faults)) {
    it(title, () => {
      const failed = Object.values(rules).filter((check) => fails(() => check(fault)));
      expect(failed.length).toBeGreaterThan(0);
    });
  }
});

function fails(check: () => void): boolean {
  try {
    check();
    return false;
  } catch {
    return true;
  }
}
