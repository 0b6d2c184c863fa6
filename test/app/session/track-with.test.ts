import { BehaviorSubject, concatMap, defer, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { trackStills } from '../../../src/app/session/track-stills';
import { type DisplayFrame, trackWith } from '../../../src/app/session/track-with';
import type { Frame, TrackedFrame } from '../../../src/face/types';
import type { Tracker } from '../../../src/index';
import type { Client } from '../../../src/pipeline/client';
import { trackLive } from '../../../src/tracker/track-frames';
import { fakeFrame } from '../../pipeline/doubles';

/** A tracker that tracks frames synchronously, and stills when the test resolves them. */
function fakeTracker(name: string) {
  const received: number[] = [];
  const stills: ((tracked: TrackedFrame) => void)[] = [];
  const tracked = (frame: Frame) => ({ frame, faces: [], provider: name }) as unknown as TrackedFrame;
  const tracker = {
    track: (frames$: Subject<Frame>) =>
      frames$.pipe(
        concatMap((frame) => {
          received.push(frame.index);
          return [tracked(frame)];
        }),
      ),
    trackStill: () => new Promise<TrackedFrame>((resolve) => stills.push(resolve)),
  } as unknown as Tracker;
  return { tracker, received, stills, tracked };
}

describe('trackWith', () => {
  it('A5 emits frames untracked until there is a tracker, then sends them to it', () => {
    const frames$ = new Subject<Frame>();
    const tracker$ = new BehaviorSubject<Tracker | undefined>(undefined);
    const shown: [number, boolean][] = [];
    trackWith(frames$, tracker$).subscribe(({ tracked, isTracked }) => shown.push([tracked.frame.index, isTracked]));
    frames$.next(fakeFrame(0));
    const first = fakeTracker('first');
    tracker$.next(first.tracker);
    frames$.next(fakeFrame(1));
    expect(shown).toEqual([
      [0, false],
      [1, true],
    ]);
    expect(first.received).toEqual([1]);
  });

  it('F12 tracking starts anew at a cut', () => {
    const frames$ = new Subject<Frame>();
    const streams: number[][] = [];
    const tracker = {
      track: (input$: Subject<Frame>) => {
        const stream: number[] = [];
        streams.push(stream);
        return input$.pipe(
          concatMap((frame) => {
            stream.push(frame.index);
            return [{ frame, faces: [] } as unknown as TrackedFrame];
          }),
        );
      },
    } as unknown as Tracker;
    const tracker$ = new BehaviorSubject<Tracker | undefined>(tracker);
    const shown: number[] = [];
    trackWith(frames$, tracker$, ({ index }) => index === 2).subscribe(({ tracked }) =>
      shown.push(tracked.frame.index),
    );
    for (let index = 0; index < 4; index++) frames$.next(fakeFrame(index));
    expect(streams).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(shown).toEqual([0, 1, 2, 3]);
  });

  it('F12 each frame is closed once: in progress or pending at a cut, with known faces, and at the end', async () => {
    const answers: (() => void)[] = [];
    const client = {
      trackFrame: (_stream: number, frame: Frame) =>
        new Promise((resolve) => answers.push(() => resolve({ frame, faces: [] }))),
      endStream() {},
    } as unknown as Client;
    let streams = 0;
    const track = (input$: Subject<Frame>) => defer(() => trackLive(client, streams++, input$));
    const tracker$ = new BehaviorSubject<Tracker | undefined>({ track } as unknown as Tracker);
    const frames$ = new Subject<Frame>();
    const shown: number[] = [];
    const subscription = trackWith(
      frames$,
      tracker$,
      ({ index }) => index === 2,
      ({ index }) => (index === 3 ? [] : undefined),
    ).subscribe(({ tracked: { frame } }) => {
      shown.push(frame.index);
      frame.image.close();
    });
    const frames = Array.from({ length: 6 }, (_, index) => fakeFrame(index));
    const present = (from: number, to: number) => {
      for (const frame of frames.slice(from, to)) frames$.next(frame);
    };
    const settle = async () => {
      for (const answer of answers.splice(0)) answer();
      await new Promise((resolve) => setImmediate(resolve));
    };
    // 0 is in progress and 1 pending at the cut before 2.
    present(0, 4);
    await settle();
    // 4 is in progress and 5 pending at the end.
    present(4, 6);
    subscription.unsubscribe();
    await settle();
    expect([streams, shown]).toEqual([2, [3, 2]]);
    expect(frames.map(({ image }) => image.closed)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('OF4 faces that are known are used instead of the tracker, also without one', () => {
    const frames$ = new Subject<Frame>();
    const { tracker, received } = fakeTracker('live');
    const tracker$ = new BehaviorSubject<Tracker | undefined>(undefined);
    const faces: TrackedFrame['faces'] = [];
    const known = ({ index }: Frame) => (index === 1 ? undefined : faces);
    const shown: [number, boolean][] = [];
    trackWith(frames$, tracker$, () => false, known).subscribe(({ tracked, isTracked }) => {
      shown.push([tracked.frame.index, isTracked && tracked.faces === faces]);
    });
    frames$.next(fakeFrame(0));
    tracker$.next(tracker);
    frames$.next(fakeFrame(1));
    frames$.next(fakeFrame(2));
    expect(received).toEqual([1]);
    expect(shown).toEqual([
      [0, true],
      [1, false],
      [2, true],
    ]);
  });

  it('A5 emits ten previews per second without a tracker and closes the other frames', () => {
    const frames$ = new Subject<Frame>();
    const shown: number[] = [];
    trackWith(frames$, new BehaviorSubject<Tracker | undefined>(undefined)).subscribe(({ tracked }) =>
      shown.push(tracked.frame.index),
    );
    const frames = Array.from({ length: 8 }, (_, i) => fakeFrame(i, i / 25));
    for (const frame of frames) frames$.next(frame);
    expect(shown).toEqual([0, 3, 6]);
    expect(frames.map(({ image }) => image.closed)).toEqual([0, 1, 1, 0, 1, 1, 0, 1]);
  });

  it('A5 a new tracker takes over without restarting the source', () => {
    const frames$ = new Subject<Frame>();
    const [first, second] = [fakeTracker('first'), fakeTracker('second')];
    const tracker$ = new BehaviorSubject<Tracker | undefined>(first.tracker);
    trackWith(frames$, tracker$).subscribe();
    frames$.next(fakeFrame(0));
    tracker$.next(second.tracker);
    expect(frames$.observed).toBe(true);
    frames$.next(fakeFrame(1));
    expect([first.received, second.received]).toEqual([[0], [1]]);
  });

  it('OF4 an error of the known faces is an error of the stream; its frame is closed', () => {
    const frames$ = new Subject<Frame>();
    const tracker$ = new BehaviorSubject<Tracker | undefined>(fakeTracker('only').tracker);
    const errors: unknown[] = [];
    const damaged = () => {
      throw new RangeError('packed mask: 3 bytes');
    };
    trackWith(frames$, tracker$, undefined, damaged).subscribe({ error: (error) => errors.push(error) });
    const frame = fakeFrame(0);
    frames$.next(frame);
    expect([errors.map(String), frame.image.closed, tracker$.observed]).toEqual([
      ['RangeError: packed mask: 3 bytes'],
      1,
      false,
    ]);
  });

  it('A5 forwards an error of the source and unsubscribes from the tracker', () => {
    const frames$ = new Subject<Frame>();
    const tracker$ = new BehaviorSubject<Tracker | undefined>(undefined);
    const errors: unknown[] = [];
    trackWith(frames$, tracker$).subscribe({ error: (error) => errors.push(error) });
    frames$.error('gone');
    expect(errors).toEqual(['gone']);
    expect(tracker$.observed).toBe(false);
  });
});

describe('trackStills', () => {
  it('A5 emits a picture untracked, and tracks it when there is a tracker', async () => {
    const frame = fakeFrame(0);
    const tracker$ = new BehaviorSubject<Tracker | undefined>(undefined);
    const { tracker, stills, tracked } = fakeTracker('only');
    const shown: DisplayFrame[] = [];
    trackStills(new BehaviorSubject<Frame>(frame), tracker$).subscribe((next) => shown.push(next));
    expect(stills).toHaveLength(0);
    tracker$.next(tracker);
    stills[0]?.(tracked(frame));
    await Promise.resolve();
    expect(shown.map(({ isTracked }) => isTracked)).toEqual([false, true]);
    expect(frame.image.closed).toBe(0);
  });

  it('A5 closes a picture whose result arrives after unsubscription', async () => {
    const frame = fakeFrame(0);
    const { tracker, stills, tracked } = fakeTracker('only');
    const subscription = trackStills(
      new BehaviorSubject<Frame>(frame),
      new BehaviorSubject<Tracker | undefined>(tracker),
    ).subscribe();
    subscription.unsubscribe();
    stills[0]?.(tracked(frame));
    await Promise.resolve();
    expect(frame.image.closed).toBe(1);
  });
});
