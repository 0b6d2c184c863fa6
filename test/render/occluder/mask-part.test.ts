import { describe, expect, it } from 'vitest';
import type { FrontMask } from '../../../src/render/occluder/front-mask';
import { coveredPart, outlinePart, union, widened } from '../../../src/render/occluder/mask-part';

const SIZE = 20;

/** A mask by its cells. */
function mask(value: (x: number, y: number) => number): FrontMask {
  const front = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => value(i % SIZE, Math.floor(i / SIZE)));
  return { width: SIZE, height: SIZE, extent: 1, front };
}
const cells = (part: ReturnType<typeof outlinePart>) =>
  part && [part.left, part.top, part.right, part.bottom].map((share) => Math.round(share * SIZE));

describe('parts of a mask', () => {
  it('CM9 its outlines are within two cells of where it changes', () => {
    const block = mask((x, y) => (x >= 8 && x < 12 && y >= 5 ? 255 : 0));
    expect(cells(outlinePart(block, 0))).toEqual([6, 3, 14, 20]);
    expect(cells(outlinePart(block, 3))).toEqual([3, 0, 17, 20]);
  });

  it('CM9 faint changes and even masks have none', () => {
    expect(
      outlinePart(
        mask((x) => 4 * x),
        0,
      ),
    ).toBeNull();
    expect(
      outlinePart(
        mask(() => 255),
        0,
      ),
    ).toBeNull();
    expect(
      outlinePart(
        mask((x) => (x > 9 ? 51 : 0)),
        0,
      ),
    ).not.toBeNull();
  });

  it('CM9 it is covered where it is above a value', () => {
    const corner = mask((x, y) => (x === 19 && y === 19 ? 200 : 40));
    expect(cells(coveredPart(corner, 40, 1))).toEqual([18, 18, 20, 20]);
    expect(coveredPart(corner, 200, 1)).toBeNull();
  });

  it('CM9 parts grow together, and within the crop', () => {
    const [a, b] = [
      coveredPart(
        mask((x, y) => (x === 2 && y === 3 ? 9 : 0)),
        0,
        0,
      ),
      { left: 0.5, top: 0.1, right: 0.6, bottom: 0.7 },
    ];
    expect(a && cells(union(a, b))).toEqual([2, 2, 12, 14]);
    expect(cells(widened(b, 0.45))).toEqual([1, 0, 20, 20]);
  });
});
