import { describe, expect, it } from 'vitest';
import { type FaceModel, PART_NAMES } from '../../../src/face/face-model';
import { hollowShades } from '../../../src/render/mesh/hollow-shades';

describe('light in hollows', () => {
  it('R4 leaves the skin as it is, and darkens eyes under the lid, teeth and mouth', () => {
    const parts = ['face', 'eyeLeft', 'eyeLeft', 'eyeLeft', 'teeth', 'mouth', 'head'] as const;
    const heights = [0, 10, 15, 20, 0, 0, 0];
    const model = {
      vertexCount: parts.length,
      part: Uint8Array.from(parts, (part) => PART_NAMES.indexOf(part)),
      mean: Float32Array.from(heights.flatMap((y) => [0, y, 0])),
    } as unknown as FaceModel;
    const shades = hollowShades(model);
    expect([...shades.keys()].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(shades.get(3)).toBeLessThan(shades.get(2) ?? 0);
    expect(shades.get(1)).toBe(shades.get(2));
    expect(shades.get(5)).toBeLessThan(shades.get(4) ?? 0);
  });
});
