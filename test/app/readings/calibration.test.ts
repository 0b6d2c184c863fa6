import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Calibration, type CalibrationState, type RestingFaceStore } from '../../../src/app/readings/calibration';
import { faceOf } from '../../../src/face/expression';
import {
  EXPRESSION_NAMES,
  type Face,
  type FaceData,
  REGIONS,
  type RestingFace,
  type TrackedFrame,
} from '../../../src/face/types';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function face(jawOpen: number, id = 0, visible = 1): Face {
  return faceOf({
    id,
    state: 'tracked',
    camera: { rotation: [0, 0, 0, 1] },
    visibility: Object.fromEntries(REGIONS.map((region) => [region, visible])),
    coefficients: { expression: Float32Array.from(EXPRESSION_NAMES, (name) => (name === 'jawOpen' ? jawOpen : 0)) },
  } as unknown as FaceData);
}

function setUp(kept?: RestingFace) {
  const written: (RestingFace | undefined)[] = [];
  const store: RestingFaceStore = {
    read: async () => kept,
    write: async (neutral) => void written.push(neutral),
  };
  const calibration = new Calibration(store);
  const states: CalibrationState[] = [];
  calibration.state$.subscribe((state) => states.push(state));
  let time = 0;
  /** Applies frames of these faces for some seconds; returns jawOpen of each face in the last frame. */
  const show = (seconds: number, ...faces: Face[]) => {
    let out: TrackedFrame | undefined;
    for (let i = 0; i < seconds * 25; i++) {
      time += 1 / 25;
      out = calibration.apply({ frame: { time }, faces } as unknown as TrackedFrame);
    }
    return out?.faces.map(({ expression }) => Math.round(expression.jawOpen * 100) / 100);
  };
  return { calibration, states, written, show };
}

const steps = (states: readonly CalibrationState[]) => states.map(({ step }) => step);

describe('Calibration', () => {
  it('RF4: counts down from three, measures, stores the resting face and subtracts it', () => {
    const { calibration, states, written, show } = setUp();
    calibration.toggle();
    vi.advanceTimersByTime(3000);
    expect(states.flatMap((state) => (state.step === 'countdown' ? [state.secondsLeft] : []))).toEqual([3, 2, 1]);
    expect(states.at(-1)).toEqual({ step: 'measuring', share: 0, isSet: false });
    show(1.2, face(0.2));
    expect(states.at(-1)).toEqual({ step: 'done', isSet: true });
    expect(written).toHaveLength(1);
    expect(show(0.1, face(0.2))).toEqual([0]);
    expect(show(0.1, face(1))).toEqual([1]);
  });

  it('RF4: nothing is measured during the countdown, and it can be stopped', () => {
    const { calibration, states, written, show } = setUp();
    calibration.toggle();
    vi.advanceTimersByTime(1500);
    show(2, face(0.2));
    calibration.toggle();
    vi.advanceTimersByTime(5000);
    show(2, face(0.2));
    expect(steps(states).at(-1)).toBe('idle');
    expect(written).toEqual([]);
  });

  it('RF4: a covered face is reported, and measuring fails after six seconds without a change', () => {
    const { calibration, states, written, show } = setUp();
    calibration.toggle();
    vi.advanceTimersByTime(3000);
    show(1, face(0.2, 0, 0.2));
    expect(states.at(-1)).toEqual({ step: 'measuring', share: 0, obstacle: 'covered', isSet: false });
    show(6, face(0.2, 0, 0.2));
    expect(states.at(-1)).toEqual({ step: 'failed', obstacle: 'covered', isSet: false });
    expect(written).toEqual([]);
  });

  it('RF5: undo restores the previous one, then none', async () => {
    const kept = EXPRESSION_NAMES.map((name) => (name === 'jawOpen' ? 0.5 : 0));
    const { calibration, states, written, show } = setUp(kept);
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toEqual({ step: 'idle', isSet: true });
    expect(show(0.1, face(0.75))).toEqual([0.5]);
    calibration.toggle();
    vi.advanceTimersByTime(3000);
    show(1.2, face(0.2));
    calibration.undo();
    expect(show(0.1, face(0.75))).toEqual([0.5]);
    calibration.undo();
    expect(show(0.1, face(0.75))).toEqual([0.75]);
    expect(written.slice(1)).toEqual([kept, undefined]);
    expect(states.at(-1)).toEqual({ step: 'idle', isSet: false });
  });

  it('A18 forgetting removes it and the previous one, and stores nothing', async () => {
    const kept = EXPRESSION_NAMES.map((name) => (name === 'jawOpen' ? 0.5 : 0));
    const { calibration, states, written, show } = setUp(kept);
    await vi.advanceTimersByTimeAsync(0);
    calibration.toggle();
    calibration.forget();
    expect(show(0.1, face(0.75))).toEqual([0.75]);
    expect([states.at(-1), written]).toEqual([{ step: 'idle', isSet: false }, []]);
    calibration.undo();
    expect(show(0.1, face(0.75))).toEqual([0.75]);
  });

  it('A16 cancelling ends a countdown, and does not start one', () => {
    const { calibration, states } = setUp();
    calibration.cancel();
    expect(states.at(-1)?.step).toBe('idle');
    calibration.toggle();
    calibration.cancel();
    vi.advanceTimersByTime(5000);
    expect(states.at(-1)).toEqual({ step: 'idle', isSet: false });
  });

  it('RF6: it changes the face that was measured, not others', () => {
    const { calibration, show } = setUp();
    show(0.1, face(0.2, 4), face(0.2, 7));
    calibration.toggle();
    vi.advanceTimersByTime(3000);
    show(1.2, face(0.2, 4), face(0.2, 7));
    expect(show(0.1, face(0.2, 7), face(0.2, 4))).toEqual([0.2, 0]);
  });
});
