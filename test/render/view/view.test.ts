import { describe, expect, it } from 'vitest';
import { type FrameView, fitFrame } from '../../../src/render/view/view';

const FRAME = { width: 400, height: 300 };

/** Canvas pixel (0 = left or upper edge) of a frame pixel. */
function onCanvas(view: FrameView, canvas: { width: number; height: number }, u: number, v: number): [number, number] {
  const x = view.scaleX * u + view.offsetX;
  const y = view.scaleY * v + view.offsetY;
  return [((x + 1) / 2) * canvas.width, ((1 - y) / 2) * canvas.height];
}

describe('fitFrame', () => {
  it('R2 contains the whole frame, centred, with bars at the sides', () => {
    const canvas = { width: 1000, height: 300 };
    const view = fitFrame(canvas, FRAME, 'contain', false);
    expect(view.zoom).toBe(1);
    expect(onCanvas(view, canvas, -0.5, -0.5)).toEqual([300, 0].map((n) => expect.closeTo(n, 6)));
    expect(onCanvas(view, canvas, 399.5, 299.5)).toEqual([700, 300].map((n) => expect.closeTo(n, 6)));
  });

  it('R2 covers the whole canvas and cuts the frame', () => {
    const canvas = { width: 1000, height: 300 };
    const view = fitFrame(canvas, FRAME, 'cover', false);
    expect(view.zoom).toBe(2.5);
    expect(onCanvas(view, canvas, -0.5, -0.5)).toEqual([0, -225].map((n) => expect.closeTo(n, 6)));
    expect(onCanvas(view, canvas, 399.5, 299.5)).toEqual([1000, 525].map((n) => expect.closeTo(n, 6)));
  });

  it('R2 puts the centre of the first pixel half a pixel inside', () => {
    const canvas = { width: 400, height: 300 };
    const view = fitFrame(canvas, FRAME, 'contain', false);
    expect(onCanvas(view, canvas, 0, 0)).toEqual([0.5, 0.5].map((n) => expect.closeTo(n, 6)));
  });

  it('R2 mirrors left and right only', () => {
    const canvas = { width: 400, height: 300 };
    const view = fitFrame(canvas, FRAME, 'contain', true);
    expect(onCanvas(view, canvas, 0, 0)).toEqual([399.5, 0.5].map((n) => expect.closeTo(n, 6)));
  });
});
