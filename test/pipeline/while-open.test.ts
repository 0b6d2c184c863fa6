import { finalize, from, NEVER, type Observable, of, Subject, switchMap, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { whileOpen } from '../../src/pipeline/while-open';

type Operator = <T, R>(
  open: () => Observable<T> | Promise<T>,
  use: (thing: T) => Observable<R>,
  close: (thing: T) => void,
) => Observable<R>;

function run(operator: Operator, { open, use, unsubscribe, expected }: Record<string, string>) {
  const log: string[] = [];
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
  scheduler.run(({ cold, expectObservable }) => {
    const used$ = cold(use ?? '');
    const note = (what: string) => log.push(`${what}@${scheduler.now()}`);
    const stream$ = operator(
      () => cold(open ?? ''),
      () => {
        note('use');
        return used$;
      },
      () => note('close'),
    );
    expectObservable(stream$, unsubscribe).toBe(expected ?? '');
  });
  return log;
}

const rules: Record<string, (operator: Operator) => void> = {
  'F8: closes on completion'(operator) {
    const log = run(operator, { open: '-(o|)', use: 'a-b|', expected: '-a-b|' });
    expect(log).toEqual(['use@1', 'close@4']);
  },
  'F8: closes on unsubscription'(operator) {
    const log = run(operator, { open: '-(o|)', use: 'a-b-c', unsubscribe: '----!', expected: '-a-b' });
    expect(log).toEqual(['use@1', 'close@4']);
  },
  'F8: closes on an error, which goes on'(operator) {
    const log = run(operator, { open: '-(o|)', use: 'a-#', expected: '-a-#' });
    expect(log).toEqual(['use@1', 'close@3']);
  },
  'F8: closes a thing that opens too late, without using it'(operator) {
    const log = run(operator, { open: '---(o|)', use: 'a', unsubscribe: '-!', expected: '--' });
    expect(log).toEqual(['close@3']);
  },
  'F8: a thing that does not open is the stream’s error'(operator) {
    const log = run(operator, { open: '--#', use: 'a', expected: '--#' });
    expect(log).toEqual([]);
  },
};

describe('whileOpen', () => {
  for (const [title, check] of Object.entries(rules)) it(title, () => check(whileOpen));

  it('F8: the use is torn down before the resource is closed', () => {
    const log: string[] = [];
    const used$ = new Subject<void>();
    const subscription = whileOpen(
      () => of('thing'),
      () => used$,
      () => log.push(used$.observed ? 'closed in use' : 'closed'),
    ).subscribe();
    subscription.unsubscribe();
    subscription.unsubscribe();
    expect(log).toEqual(['closed']);
  });

  it('F8: closes a resource whose use throws', () => {
    const log: string[] = [];
    whileOpen(
      () => of('thing'),
      (): Observable<never> => {
        throw new Error('no');
      },
      (thing) => log.push(`close ${thing}`),
    ).subscribe({ error: (reason: Error) => log.push(reason.message) });
    expect(log).toEqual(['no', 'close thing']);
  });

  it('F8: a resource that opens after unsubscription is closed', async () => {
    const closed: string[] = [];
    const opening = Promise.resolve('thing');
    whileOpen(
      () => opening,
      () => NEVER,
      (thing) => closed.push(thing),
    )
      .subscribe()
      .unsubscribe();
    await opening;
    expect(closed).toEqual(['thing']);
  });

  it('P9: each subscription opens its own resource', () => {
    let opened = 0;
    const stream$ = whileOpen(
      () => (opened++ === 0 ? throwError(() => new Error('no')) : of('thing')),
      (thing) => of(thing),
      () => undefined,
    );
    const seen: unknown[] = [];
    const observer = {
      next: (value: unknown) => seen.push(value),
      error: (reason: Error) => seen.push(reason.message),
    };
    stream$.subscribe(observer);
    stream$.subscribe(observer);
    expect(seen).toEqual(['no', 'thing']);
  });
});

describe('whileOpen: planted faults are caught', () => {
  const faults: Record<string, Operator> = {
    'never closed': (open, use) => from(open()).pipe(switchMap(use)),
    'what opens too late stays open': (open, use, close) =>
      from(open()).pipe(switchMap((thing) => use(thing).pipe(finalize(() => close(thing))))),
    'closed twice': (open, use, close) =>
      whileOpen(open, use, (thing) => {
        close(thing);
        close(thing);
      }),
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
