import { describe, expect, it } from 'vitest';
import { viewExpression } from '../../src/face/expression';
import { createRestingFaceCapture, type RestingFaceProgress, withRestingFace } from '../../src/face/resting-face';
import { EXPRESSION_NAMES, type ExpressionName, type Face, REGIONS } from '../../src/face/types';

interface Made {
  readonly expression?: Partial<Record<ExpressionName, number>>;
  readonly state?: Face['state'];
  readonly visible?: number;
  /** Radians about the vertical axis. */
  readonly yaw?: number;
}

function face({ expression = {}, state = 'tracked', visible = 1, yaw = 0 }: Made = {}): Face {
  const values = Float32Array.from(EXPRESSION_NAMES, (name) => expression[name] ?? 0);
  return {
    id: 0,
    state,
    camera: { rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)] },
    visibility: Object.fromEntries(REGIONS.map((region) => [region, region === 'mouth' ? visible : 1])),
    coefficients: { expression: values },
    expressionValues: values,
    restingFace: null,
    expression: viewExpression(values),
  } as unknown as Face;
}

const rest = (expression: Made['expression'] = {}) => EXPRESSION_NAMES.map((name) => expression[name] ?? 0);
const open = (jawOpen: number) => face({ expression: { jawOpen } });

/** 25 frames a second; each entry lasts the given number of frames. */
function capture(...runs: readonly (readonly [number, Face | undefined])[]): RestingFaceProgress[] {
  const { step } = createRestingFaceCapture();
  return runs.flatMap(([count, seen]) => Array(count).fill(seen)).map((seen, i) => step(seen, i / 25));
}

describe('withRestingFace', () => {
  it('RF1: the resting face maps to 0, 1 to 1, linearly between them, and never below 0', () => {
    const resting = rest({ jawOpen: 0.25 });
    const jaw = (value: number) => withRestingFace(open(value), resting).expression.jawOpen;
    expect([jaw(0.25), jaw(1), jaw(0.125)]).toEqual([0, 1, 0]);
    expect(jaw(0.625)).toBe(0.5);
  });

  it('RF1: only the expression changes: coefficients still fit the picture', () => {
    const seen = open(0.625);
    const { coefficients, expression } = withRestingFace(seen, rest({ jawOpen: 0.25 }));
    expect(coefficients).toBe(seen.coefficients);
    expect(expression.mouthPucker).toBe(0);
    expect(seen.expression.jawOpen).toBe(0.625);
  });
});

describe('createRestingFaceCapture', () => {
  it('RF2: a second of frames makes a resting face; a blink during it does not count', () => {
    const still = face({ expression: { jawOpen: 0.125, eyeBlinkLeft: 0.25 } });
    const blink = face({ expression: { jawOpen: 0.125, eyeBlinkLeft: 1 } });
    const told = capture([10, still], [4, blink], [12, still]);
    expect(told[24]).toEqual({ state: 'looking', share: 0.96 });
    expect(told[25]).toEqual({ state: 'done', restingFace: rest({ jawOpen: 0.125, eyeBlinkLeft: 0.25 }) });
  });

  it.each([
    ['no-face', undefined],
    ['no-face', face({ state: 'held' })],
    ['covered', face({ visible: 0.3 })],
    ['turned', face({ yaw: 0.7 })],
    ['moving', open(0.5)],
    ['moving', face({ yaw: 0.3 })],
  ] as const)('RF3: %s restarts the capture', (obstacle, seen) => {
    const told = capture([20, face()], [1, seen], [25, face()]);
    expect(told[20]).toEqual({ state: 'looking', share: 0, obstacle });
    expect(told.some(({ state }) => state === 'done')).toBe(false);
    expect(capture([20, face()], [1, seen], [26, face()]).at(-1)?.state).toBe('done');
  });

  it('RF2: a value too large for a resting face is limited to 0.6', () => {
    const told = capture([26, open(0.95)]);
    expect(told.at(-1)).toEqual({ state: 'done', restingFace: rest({ jawOpen: 0.6 }) });
  });

  it('RF2: a slow stream still needs five frames', () => {
    const { step } = createRestingFaceCapture();
    const states = [0, 1, 2, 3, 4].map((time) => step(face(), time).state);
    expect(states).toEqual(['looking', 'looking', 'looking', 'looking', 'done']);
  });
});
