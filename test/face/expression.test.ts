import { describe, expect, it } from 'vitest';
import { expressionIndex, faceOf, viewExpression } from '../../src/face/expression';
import { withRestingFace } from '../../src/face/resting-face';
import { EXPRESSION_NAMES, type ExpressionName, type FaceData } from '../../src/face/types';

const values = () => Float32Array.from(EXPRESSION_NAMES, (_, i) => i / 64);

describe('expressionIndex', () => {
  it('gives the index of each name in the network’s order, and throws for other names', () => {
    expect(EXPRESSION_NAMES.map(expressionIndex)).toEqual(EXPRESSION_NAMES.map((_, i) => i));
    expect(() => expressionIndex('smile' as ExpressionName)).toThrow(/'smile'/);
  });
});

describe('viewExpression', () => {
  it('D8: gives every value by its name and copies nothing', () => {
    const array = values();
    const view = viewExpression(array);
    expect(view.jawOpen).toBe(array[17]);
    array[17] = 0.75;
    expect(view.jawOpen).toBe(0.75);
  });

  it('can be enumerated, spread, written as JSON and cloned, in the network’s order', () => {
    const view = viewExpression(values());
    const named = Object.fromEntries(EXPRESSION_NAMES.map((name, i) => [name, i / 64]));
    expect(Object.fromEntries(Object.entries(view))).toEqual(named);
    expect(Object.keys(view)).toEqual([...EXPRESSION_NAMES]);
    expect({ ...view }).toEqual(named);
    expect(JSON.parse(JSON.stringify(view))).toEqual(named);
    expect(structuredClone(view)).toEqual(named);
  });

  it('refuses arrays of another length', () => {
    expect(() => viewExpression(new Float32Array(51))).toThrow(/51 values/);
  });
});

describe('faceOf', () => {
  const data = { id: 1, coefficients: { expression: values() } } as FaceData;

  it('has the measured expression and a null resting face until one is set', () => {
    const face = faceOf(data);
    expect(face.restingFace).toBeNull();
    expect(face.expressionValues).toBe(data.coefficients.expression);
    const restingFace = EXPRESSION_NAMES.map(() => 0.25);
    const relative = withRestingFace(face, restingFace);
    expect(relative.restingFace).toBe(restingFace);
    expect(relative.expression.tongueOut).toBeCloseTo((51 / 64 - 0.25) / 0.75, 6);
    expect(relative.expressionValues[51]).toBe(relative.expression.tongueOut);
    expect(relative.coefficients).toBe(data.coefficients);
  });

  it('subtracts a second resting face from the measured expression, not from the first result', () => {
    const once = withRestingFace(
      faceOf(data),
      EXPRESSION_NAMES.map(() => 0.5),
    );
    const twice = withRestingFace(
      once,
      EXPRESSION_NAMES.map(() => 0.25),
    );
    expect(twice.expressionValues).toEqual(
      withRestingFace(
        faceOf(data),
        EXPRESSION_NAMES.map(() => 0.25),
      ).expressionValues,
    );
  });
});
