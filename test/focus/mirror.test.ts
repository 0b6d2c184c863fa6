import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FaceModel, modelVertices, parseFaceModel } from '../../src/face/face-model';
import { EXPRESSION_NAMES } from '../../src/face/types';
import { createMirror, EXPRESSION_MIRROR, identityMirror, meanOutput } from '../../src/focus/mirror';
import { type NetworkOutput, OUTPUT_LENGTHS } from '../../src/focus/network-output';
import { someOutput } from './some-output';

const file = readFileSync(resolve(import.meta.dirname, '../../public/models/peekaboo/face-model.bin'));
const model = parseFaceModel(new Uint8Array(file).buffer);
const mirror = createMirror(model);

/** Root of the mean squared distance between the vertices of two faces, mm. */
function apart(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return Math.sqrt(sum / (a.length / 3));
}

function mirrored(vertices: Float32Array, { mirror: other }: FaceModel): Float32Array {
  return vertices.map((_, i) => {
    const axis = i % 3;
    const value = vertices[3 * (other[(i - axis) / 3] as number) + axis] as number;
    return axis === 0 ? -value : value;
  });
}

describe('createMirror', () => {
  it('D12: coefficients of the mirrored face give the face’s mirrored vertices', () => {
    const output = someOutput(3);
    const shape = (said: NetworkOutput) =>
      modelVertices(model, said.identity, said.expression, new Float32Array(3 * model.vertexCount));
    const plain = shape(output);
    expect(apart(shape(mirror.output(output)), mirrored(plain, model))).toBeLessThan(0.35);
    expect(apart(plain, mirrored(plain, model))).toBeGreaterThan(3);
  });

  it('D12: the identity’s mirror equals the one of the training', () => {
    const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, '../golden/network.json'), 'utf8'));
    const { identity, mirrored: wanted } = golden.identityMirror as Record<string, number[]>;
    const said = mirror.output({ ...someOutput(1), identity: Float32Array.from(identity ?? []) }).identity;
    expect(wanted).toHaveLength(80);
    for (const [i, value] of (wanted ?? []).entries()) expect(said[i]).toBeCloseTo(value, 3);
  });

  it('D12: applied twice it is the identity, except for the asymmetry of the modes', () => {
    const output = someOutput(5);
    const back = mirror.output(mirror.output(output));
    for (const name of ['expression', 'pose', 'albedo', 'light', 'presence', 'mask'] as const) {
      expect(back[name]).toEqual(output[name]);
    }
  });

  it('D12: mirrors pose, light and mask like the picture', () => {
    const output = someOutput(9);
    const said = mirror.output(output);
    expect(said.pose[6]).toBe(-(output.pose[6] as number));
    expect(said.pose[7]).toBe(output.pose[7]);
    expect(said.light[3]).toBe(-(output.light[3] as number));
    expect(said.light[9 + 1]).toBe(output.light[9 + 1]);
    expect(said.mask[96 * 96 + 96 * 7 + 2]).toBe(output.mask[96 * 96 + 96 * 7 + 93]);
  });

  it('D12: every expression has its counterpart on the other side', () => {
    const names = EXPRESSION_NAMES.map((_, i) => EXPRESSION_NAMES[EXPRESSION_MIRROR[i] as number]);
    expect(names[EXPRESSION_NAMES.indexOf('eyeLookInLeft')]).toBe('eyeLookInRight');
    expect(names[EXPRESSION_NAMES.indexOf('jawOpen')]).toBe('jawOpen');
    expect(new Set(names).size).toBe(52);
  });
});

describe('identityMirror', () => {
  it('D12: refuses linearly dependent modes', () => {
    const identityBasis = Float32Array.of(1, 0, 0, 1, 0, 0, 2, 0, 0, 2, 0, 0);
    expect(() => identityMirror({ identityBasis, mirror: Uint16Array.of(1, 0) })).toThrow('linearly dependent');
  });
});

describe('meanOutput', () => {
  it('D12: averages all values', () => {
    const said = [someOutput(1), someOutput(2), someOutput(5)] as const;
    const mean = meanOutput(said);
    for (const name of Object.keys(OUTPUT_LENGTHS) as (keyof NetworkOutput)[]) {
      const last = said.map((output) => output[name].at(-1) as number);
      expect(mean[name].at(-1)).toBeCloseTo(last.reduce((sum, value) => sum + value) / 3, 6);
      expect(OUTPUT_LENGTHS[name]).toContain(mean[name].length);
    }
  });
});
