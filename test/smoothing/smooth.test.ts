import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Face } from '../../src/face/types';
import { smooth } from '../../src/smoothing/smooth';
import { createFacesSmoother } from '../../src/smoothing/smooth-faces';
import { sampleFace, tellingLandmarks } from './sample-face';

interface Tracked {
  frame: { time: number };
  faces: readonly Face[];
}
const settings = { landmarks: tellingLandmarks };
const at = (time: number, ...centres: [number, number][]): Tracked => ({
  frame: { time },
  faces: centres.map(([id, x]) => sampleFace({ id, centre: [x, 100] })),
});

/** Horizontal places of the faces that come out, frame by frame. */
function collect(tracked$: Subject<Tracked>) {
  const places: number[][] = [];
  const errors: unknown[] = [];
  tracked$.pipe(smooth(settings)).subscribe({
    next: ({ faces }) => places.push(faces.map((face) => face.camera.centre[0])),
    error: (error) => errors.push(error),
  });
  return { places, errors };
}

describe('smoothing a stream', () => {
  it('S12 each face has its own memory, by its id and not by its place in the list', () => {
    const tracked$ = new Subject<Tracked>();
    const { places } = collect(tracked$);
    tracked$.next(at(0, [1, 100], [2, 400]));
    tracked$.next(at(0.03, [2, 400], [1, 100]));
    expect(places[1]).toEqual([expect.closeTo(400), expect.closeTo(100)]);
  });

  it('S12 a face that was lost is forgotten', () => {
    const tracked$ = new Subject<Tracked>();
    const { places } = collect(tracked$);
    tracked$.next(at(0, [1, 100]));
    tracked$.next(at(0.03));
    tracked$.next(at(0.06, [1, 300]));
    expect(places).toEqual([[expect.closeTo(100)], [], [expect.closeTo(300)]]);
  });

  it('S12 a face that is held for a frame is not forgotten', () => {
    const smoother = createFacesSmoother(settings);
    const step = (time: number, state: Face['state'], x: number) =>
      smoother.step([{ ...sampleFace({ id: 1, centre: [x, 100] }), state }], time)[0]?.camera.centre[0];
    step(0, 'found', 100);
    expect(step(0.03, 'held', 110)).toBeLessThan(109);
    expect(step(0.06, 'tracked', 100)).toBeGreaterThan(100.1);
  });

  it('S13 the memory belongs to the subscription', () => {
    const tracked$ = new Subject<Tracked>();
    const first = collect(tracked$);
    tracked$.next(at(0, [1, 100]));
    const second = collect(tracked$);
    tracked$.next(at(0.03, [1, 110]));
    expect(first.places[1]?.[0]).toBeLessThan(109);
    expect(second.places[0]?.[0]).toBeCloseTo(110);
  });

  it('S13 the input is left as it was, and the rest of it is passed on', () => {
    const tracked = { ...at(0, [1, 100]), provider: 'wasm' };
    const before = structuredClone(tracked);
    let out: unknown;
    const tracked$ = new Subject<typeof tracked>();
    tracked$.pipe(smooth(settings)).subscribe((value) => {
      out = value;
    });
    tracked$.next(tracked);
    expect(tracked).toEqual(before);
    expect(out).toHaveProperty('provider', 'wasm');
  });

  it('S14 time that stands still is an error, time that runs back a new start', () => {
    const tracked$ = new Subject<Tracked>();
    const { places, errors } = collect(tracked$);
    tracked$.next(at(10, [1, 100]));
    tracked$.next(at(0, [1, 300]));
    expect(places[1]?.[0]).toBeCloseTo(300);
    tracked$.next(at(0, [1, 300]));
    expect(errors).toEqual([expect.any(RangeError)]);
  });

  it('S14 reset forgets all faces', () => {
    const smoother = createFacesSmoother(settings);
    smoother.step(at(0, [1, 100]).faces, 5);
    smoother.reset();
    expect(smoother.step(at(0, [1, 300]).faces, 5)[0]?.camera.centre[0]).toBeCloseTo(300);
  });
});
