import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { createFaceEvents, type EventFrame, type FaceEvent, faceEvents } from '../../src/events/face-events';
import { EXPRESSION_NAMES, type ExpressionName, type Face, REGIONS, type Region } from '../../src/face/types';

interface Made {
  readonly id?: number;
  readonly state?: Face['state'];
  readonly x?: number;
  /** Regions that are hidden. */
  readonly hidden?: readonly Region[];
  readonly expression?: Partial<Record<ExpressionName, number>>;
  /** Opening of the lids as a share of the eyes' width; wide open without it. */
  readonly lids?: number;
}

/** Points of two eyes that are 40 px wide. */
function eyePoints(opening: number): Float32Array {
  const points = new Float32Array(3 * 478);
  const put = (index: number, x: number, y: number) => points.set([x, y, 0], 3 * index);
  for (const [at, upper, lower, outer, inner] of [
    [0, 159, 145, 33, 133],
    [100, 386, 374, 263, 362],
  ] as const) {
    put(outer, at, 0);
    put(inner, at + 40, 0);
    put(upper, at + 20, -20 * opening);
    put(lower, at + 20, 20 * opening);
  }
  return points;
}

function face({ id = 0, state = 'tracked', x = 320, hidden = [], expression = {}, lids = 0.36 }: Made = {}): Face {
  return {
    id,
    state,
    camera: { centre: [x, 240] },
    landmarks478: eyePoints(lids),
    visibility: Object.fromEntries(REGIONS.map((region) => [region, hidden.includes(region) ? 0 : 1])),
    expressionValues: Float32Array.from(EXPRESSION_NAMES, (name) => expression[name] ?? 0),
  } as unknown as Face;
}

const look = (time: number, ...faces: Face[]): EventFrame => ({ frame: { time, width: 640, height: 480 }, faces });

const LOWER: readonly Region[] = ['nose', 'mouth', 'jaw', 'cheekLeft', 'cheekRight'];
const EYES: readonly Region[] = ['eyeLeft', 'eyeRight'];
const shut = { eyeBlinkLeft: 0.9, eyeBlinkRight: 0.9 };

const named = ({ kind, phase, time, id }: FaceEvent) => `${kind} ${phase} ${Number(time.toFixed(3))} #${id}`;

/** Twenty-five looks a second; each entry is a face (or none) for so many frames. */
function tell(...runs: readonly (readonly [number, Made | undefined])[]): string[] {
  const events = createFaceEvents();
  const looks = runs.flatMap(([frames, made]) => Array<Made | undefined>(frames).fill(made));
  return looks.flatMap((made, i) => events.step(made ? look(i / 25, face(made)) : look(i / 25)).map(named));
}

describe('createFaceEvents', () => {
  it('E4: a face is found and lost, and its states end with it', () => {
    expect(tell([10, { hidden: ['mouth'] }], [1, undefined])).toEqual([
      'face-found start 0 #0',
      'hand-over-mouth start 0 #0',
      'hand-over-mouth end 0.4 #0',
      'face-lost end 0.4 #0',
    ]);
  });

  it('E4: an earlier time restarts all faces', () => {
    const events = createFaceEvents();
    events.step(look(5, face()));
    expect(events.step(look(1, face())).map(named)).toEqual(['face-lost end 5 #0', 'face-found start 1 #0']);
  });

  it('E5: a hand over the mouth is reported with its region, visibility and start time', () => {
    const events = createFaceEvents();
    const told = Array.from({ length: 8 }, (_, i) =>
      events.step(look(i / 25, face({ hidden: i < 2 ? [] : ['mouth'] }))),
    );
    expect(told.flat().at(-1)).toEqual({
      kind: 'hand-over-mouth',
      phase: 'start',
      time: 0.08,
      region: 'mouth',
      visibility: 0,
      id: 0,
    });
  });

  it('E5: a mask is reported after three seconds and replaces the hand', () => {
    expect(tell([90, { hidden: LOWER }], [20, {}])).toEqual([
      'face-found start 0 #0',
      'hand-over-mouth start 0 #0',
      'mask-worn start 0 #0',
      'hand-over-mouth end 3 #0',
      'mask-worn end 3.6 #0',
    ]);
  });

  it('E5: eyes are covered when both are; a face with hidden eyes wears no mask', () => {
    expect(tell([90, { hidden: ['eyeLeft'] }])).toEqual(['face-found start 0 #0']);
    const told = tell([90, { hidden: [...LOWER, ...EYES] }]);
    expect(told).toContain('eyes-covered start 0 #0');
    expect(told.join()).not.toContain('mask-worn');
  });

  it('E6: a face held inside the frame is covered, one held outside is not', () => {
    expect(tell([5, {}], [20, { state: 'held' }], [5, {}])).toEqual([
      'face-found start 0 #0',
      'face-covered start 0.2 #0',
      'face-covered end 1 #0',
    ]);
    expect(tell([5, {}], [20, { state: 'held', x: -30 }])).toEqual(['face-found start 0 #0']);
  });

  it('E7: detects a blink of three frames, relative to the person’s eyelids at rest', () => {
    const droopy = { expression: { eyeBlinkLeft: 0.25, eyeBlinkRight: 0.25 } };
    expect(tell([10, droopy], [3, { expression: shut }], [10, droopy])).toEqual([
      'face-found start 0 #0',
      'blink start 0.4 #0',
      'blink end 0.52 #0',
    ]);
  });

  it('E7: detects a blink of narrow eyes that only the landmarks show', () => {
    expect(tell([10, { lids: 0.24 }], [3, { lids: 0.1 }], [10, { lids: 0.24 }]).slice(1)).toEqual([
      'blink start 0.4 #0',
      'blink end 0.52 #0',
    ]);
    expect(tell([10, { lids: 0.24 }], [3, { lids: 0.18 }], [10, { lids: 0.24 }]).slice(1)).toEqual([]);
  });

  it('E7: eyes that stay shut are reported as closed', () => {
    const told = tell([10, {}], [30, { expression: shut }], [5, {}]);
    expect(told.slice(1)).toEqual([
      'blink start 0.4 #0',
      'eyes-closed start 0.4 #0',
      'blink end 1.6 #0',
      'eyes-closed end 1.6 #0',
    ]);
  });

  it('E3: a covered mouth neither smiles nor opens; a smile ends when it was hidden for half a second', () => {
    const smiling = { mouthSmileLeft: 0.9, mouthSmileRight: 0.9, jawOpen: 0.9 };
    expect(tell([20, { hidden: ['mouth'], expression: smiling }]).join()).not.toMatch(/smile|mouth-open/);
    const told = tell([10, { expression: smiling }], [20, { hidden: ['mouth'], expression: {} }]);
    expect(told).toContain('smile start 0 #0');
    expect(told).toContain('smile end 0.4 #0');
  });

  it('E8: each face has its own states', () => {
    const events = createFaceEvents();
    const told = Array.from({ length: 10 }, (_, i) =>
      events.step(look(i / 25, face({ id: 3 }), face({ id: 7, hidden: EYES }))),
    );
    expect(told.flat().map(named)).toEqual([
      'face-found start 0 #3',
      'face-found start 0 #7',
      'eyes-covered start 0 #7',
    ]);
  });

  it('E1: thresholds can be replaced', () => {
    const events = createFaceEvents({ thresholds: { 'mouth-open': { on: 0.9, onFor: 0 } } });
    const open = (jawOpen: number) => face({ expression: { jawOpen } });
    expect(events.step(look(0, open(0.8)))).toHaveLength(1);
    expect(events.step(look(0.04, open(0.95))).map(named)).toEqual(['mouth-open start 0.04 #0']);
  });
});

describe('faceEvents', () => {
  it('E4 E8: emits events when they are confirmed, the rest at the end of the stream; each subscription restarts', () => {
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run(({ cold, expectObservable }) => {
      const looks = {
        a: look(0, face()),
        b: look(0.1, face({ expression: shut })),
        c: look(0.2, face()),
        d: look(0.3, face({ expression: shut })),
      };
      const event = (kind: FaceEvent['kind'], phase: FaceEvent['phase'], time: number): FaceEvent => ({
        kind,
        phase,
        time,
        region: kind === 'blink' ? 'eyes' : 'face',
        visibility: 1,
        id: 0,
      });
      const values = {
        f: event('face-found', 'start', 0),
        s: event('blink', 'start', 0.1),
        e: event('blink', 'end', 0.2),
        t: event('blink', 'start', 0.3),
        u: event('blink', 'end', 0.3),
        l: event('face-lost', 'end', 0.3),
      };
      const told$ = cold('a-b-c-d------|', looks).pipe(faceEvents());
      expectObservable(told$).toBe('f-s-e-t------(ul|)', values);
      expectObservable(told$).toBe('f-s-e-t------(ul|)', values);
    });
  });
});
