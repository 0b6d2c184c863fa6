import { BehaviorSubject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { TrackerKeeper, type TrackerSettings } from '../../../src/app/session/tracker-keeper';
import type { Progress, Tracker, TrackerOptions } from '../../../src/index';
import { settle } from '../../pipeline/fake-worker';

const SETTINGS: TrackerSettings = {
  bundle: 'peekaboo',
  provider: 'wasm',
  detector: 'auto',
  threads: 1,
  smooth: true,
  faces: 1,
};

/** A keeper whose trackers the test opens. */
function keep() {
  const settings$ = new BehaviorSubject(SETTINGS);
  const openings: {
    readonly options: TrackerOptions;
    open(): Promise<void>;
    refuse(error: Error): Promise<void>;
    closed: number;
  }[] = [];
  const progress: (Progress | null)[] = [];
  const errors: unknown[] = [];
  const keeper = new TrackerKeeper(
    settings$,
    { onProgress: (state) => progress.push(state), onError: (error) => errors.push(error) },
    (options = {}) =>
      new Promise<Tracker>((resolve, reject) => {
        const name = openings.length;
        const close = async () => {
          opening.closed += 1;
        };
        const opening = {
          options,
          closed: 0,
          open: async () => {
            resolve({ name, close } as unknown as Tracker);
            await settle();
          },
          refuse: async (error: Error) => {
            reject(error);
            await settle();
          },
        };
        openings.push(opening);
      }),
  );
  const seen: (number | undefined)[] = [];
  keeper.tracker$.subscribe((tracker) => seen.push((tracker as { name?: number } | undefined)?.name));
  return { keeper, settings$, openings, progress, errors, seen };
}

describe('TrackerKeeper', () => {
  it('A5 opens a tracker with the settings and reports progress until it is open', async () => {
    const { openings, progress, seen } = keep();
    expect(openings[0]?.options).toMatchObject({ bundle: 'models/peekaboo/', provider: 'wasm', faces: 1 });
    openings[0]?.options.onProgress?.({ stage: 'network', loaded: 1, total: 2 });
    await openings[0]?.open();
    openings[0]?.options.onProgress?.({ stage: 'late', loaded: 1, total: 2 });
    expect(progress.map((state) => state?.stage)).toEqual(['models', 'network', undefined]);
    expect(seen).toEqual([undefined, 0]);
  });

  it('A5 keeps the old tracker until the new one is open, then closes it', async () => {
    const { settings$, openings, seen } = keep();
    await openings[0]?.open();
    settings$.next({ ...SETTINGS, faces: 2 });
    await settle();
    expect([seen, openings[0]?.closed]).toEqual([[undefined, 0], 0]);
    await openings[1]?.open();
    expect([seen, openings[0]?.closed, openings[1]?.closed]).toEqual([[undefined, 0, 1], 1, 0]);
  });

  it('A5 closes a tracker that opens after the settings changed', async () => {
    const { settings$, openings, seen } = keep();
    settings$.next({ ...SETTINGS, smooth: false });
    await openings[0]?.open();
    await openings[1]?.open();
    expect(seen).toEqual([undefined, 1]);
    expect(openings.map(({ closed }) => closed)).toEqual([1, 0]);
  });

  it('A4 recovers from a tracker that does not open; the previous tracker keeps running', async () => {
    const { keeper, settings$, openings, errors, progress, seen } = keep();
    await openings[0]?.open();
    settings$.next({ ...SETTINGS, bundle: 'nowhere' });
    await openings[1]?.refuse(new Error('no such bundle'));
    expect(errors).toEqual([new Error('no such bundle')]);
    expect(progress.at(-1)).toBeNull();
    expect([seen, openings[0]?.closed]).toEqual([[undefined, 0], 0]);
    keeper.recover();
    await openings[2]?.open();
    expect([seen, openings[0]?.closed]).toEqual([[undefined, 0, 2], 1]);
  });

  it('A4 opens another tracker after giveUp, and only then', async () => {
    const { keeper, openings, seen } = keep();
    await openings[0]?.open();
    keeper.recover();
    expect(openings).toHaveLength(1);
    keeper.giveUp();
    expect([seen, openings[0]?.closed]).toEqual([[undefined, 0, undefined], 1]);
    keeper.recover();
    keeper.recover();
    expect(openings).toHaveLength(2);
    await openings[1]?.open();
    expect(seen).toEqual([undefined, 0, undefined, 1]);
    expect(openings[0]?.closed).toBe(1);
  });
});
