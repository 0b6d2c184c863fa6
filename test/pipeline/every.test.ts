import { NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { every, type Pulled } from '../../src/pipeline/every';

/** A source that can be pulled and writes down what is asked of it. */
function pulled(values: readonly string[], log: string[]): Pulled<string> {
  async function* generate() {
    try {
      for (const value of values) {
        log.push(`asked ${value}`);
        yield value;
      }
    } finally {
      log.push('ended');
    }
  }
  return Object.assign(new Observable<string>(), { [Symbol.asyncIterator]: generate });
}

/** Lets promises settle. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

describe('every', () => {
  it('F7: a pull source delivers the next value when the last one is done', async () => {
    const log: string[] = [];
    const works: Subject<string>[] = [];
    const project = (value: string) => {
      log.push(`work ${value}`);
      const work = new Subject<string>();
      works.push(work);
      return work;
    };
    const done: string[] = [];
    every(pulled(['a', 'b'], log), project, () => undefined).subscribe({
      next: (value) => done.push(value),
      complete: () => done.push('complete'),
    });
    await settle();
    expect(log).toEqual(['asked a', 'work a']);
    works[0]?.next('A');
    works[0]?.complete();
    await settle();
    expect(log).toEqual(['asked a', 'work a', 'asked b', 'work b']);
    works[1]?.next('B');
    works[1]?.complete();
    await settle();
    expect(done).toEqual(['A', 'B', 'complete']);
    expect(log.at(-1)).toBe('ended');
  });

  it('F7: unsubscription ends a pull source', async () => {
    const log: string[] = [];
    const subscription = every(
      pulled(['a', 'b'], log),
      () => NEVER,
      () => undefined,
    ).subscribe();
    await settle();
    subscription.unsubscribe();
    await settle();
    expect(log).toEqual(['asked a', 'ended']);
  });

  it('F7: a value that arrives after unsubscription is dropped', async () => {
    const dropped: string[] = [];
    const worked: string[] = [];
    const subscription = every(
      pulled(['a', 'b'], []),
      (value) => {
        worked.push(value);
        return of(value);
      },
      (value) => dropped.push(value),
    ).subscribe();
    subscription.unsubscribe();
    await settle();
    expect({ dropped, worked }).toEqual({ dropped: ['a'], worked: [] });
  });

  it('F7: an error of project ends a pull source and is an error of the stream', async () => {
    const log: string[] = [];
    const fail = () => throwError(() => new Error('no'));
    every(pulled(['a', 'b'], log), fail, () => undefined).subscribe({
      error: (reason: Error) => log.push(reason.message),
    });
    await settle();
    expect(log).toEqual(['asked a', 'no', 'ended']);
  });

  it('F7: an error of a pull source is an error of the stream', async () => {
    const seen: string[] = [];
    async function* generate(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('broken file');
    }
    const source = Object.assign(new Observable<string>(), { [Symbol.asyncIterator]: generate });
    every(
      source,
      (value) => of(value),
      () => undefined,
    ).subscribe({
      next: (value) => seen.push(value),
      error: (reason: Error) => seen.push(reason.message),
    });
    await settle();
    expect(seen).toEqual(['a', 'broken file']);
  });

  it('F7: values of a push source queue, in order', () => {
    const works = { a: new Subject<string>(), b: new Subject<string>() };
    const seen: string[] = [];
    every(
      of('a' as const, 'b' as const),
      (value) => works[value],
      () => undefined,
    ).subscribe((value) => seen.push(value));
    works.b.next('too early');
    works.a.next('A');
    works.a.complete();
    works.b.next('B');
    expect(seen).toEqual(['A', 'B']);
  });

  it('F7: unsubscription drops queued values, not the one being processed', () => {
    const dropped: string[] = [];
    every(
      of('a', 'b', 'c').pipe((source) => concatNever(source)),
      () => NEVER,
      (value) => dropped.push(value),
    )
      .subscribe()
      .unsubscribe();
    expect(dropped).toEqual(['b', 'c']);
  });

  it('F7: an error of project drops queued values', () => {
    const dropped: string[] = [];
    const source = new Subject<string>();
    const work = new Subject<string>();
    every(
      source,
      () => work,
      (value) => dropped.push(value),
    ).subscribe({ error: () => undefined });
    source.next('a');
    source.next('b');
    work.error(new Error('no'));
    expect(dropped).toEqual(['b']);
  });
});

function concatNever(source: Observable<string>): Observable<string> {
  return new Observable((subscriber) => source.subscribe({ next: (value) => subscriber.next(value) }));
}
