import { describe, expect, it } from 'vitest';
import { anchorCentres } from '../../../src/pipeline/detect/anchors';
import { decodeDetections } from '../../../src/pipeline/detect/decode-detections';
import type { Detection } from '../../../src/pipeline/detect/detection';
import { letterbox } from '../../../src/pipeline/detect/letterbox';
import { mergeDetections } from '../../../src/pipeline/detect/merge-detections';
import { ONNX_MODELS } from '../../../src/pipeline/detect/onnx-model';

const NO_EYES = { rightEye: [0, 0], leftEye: [0, 0] } as const;

function detection(x: number, y: number, side: number, score: number): Detection {
  return { x, y, width: side, height: side, rightEye: [x, y], leftEye: [x + side, y], score };
}

describe('decoding of detections', () => {
  it('EN3 the anchors are the centres of the cells, row by row', () => {
    const { short, full } = ONNX_MODELS;
    const centres = anchorCentres(short.size, short.layers);
    expect(centres).toHaveLength(896 * 2);
    expect([...centres.slice(0, 6)]).toEqual([0.5 / 16, 0.5 / 16, 0.5 / 16, 0.5 / 16, 1.5 / 16, 0.5 / 16]);
    expect([...centres.slice(1024, 1026)]).toEqual([0.5 / 8, 0.5 / 8]);
    expect([...centres.slice(-2)]).toEqual([7.5 / 8, 7.5 / 8]);
    expect(anchorCentres(full.size, full.layers)).toHaveLength(2304 * 2);
  });

  it('EN3 a box is relative to its anchor, its values are pixels of the input; the score is a logit', () => {
    const boxes = new Float32Array(32);
    boxes.set([12.8, -6.4, 64, 32, 6.4, 0, -6.4, 12.8], 16);
    const scores = Float32Array.of(-50, 200);
    const [found, ...others] = decodeDetections({
      boxes,
      scores,
      centres: Float32Array.of(0, 0, 0.5, 0.25),
      size: 128,
      threshold: 0.15,
    });
    expect(others).toEqual([]);
    expect(found?.score).toBeCloseTo(1, 6);
    expect(found?.x).toBeCloseTo(0.35, 6);
    expect(found?.y).toBeCloseTo(0.075, 6);
    expect([found?.width, found?.height]).toEqual([0.5, 0.25]);
    expect(found?.rightEye[0]).toBeCloseTo(0.55, 6);
    expect(found?.leftEye[1]).toBeCloseTo(0.35, 6);
  });

  it('EN3 a box without a finite size, and one below the threshold, is no detection', () => {
    const boxes = new Float32Array(48);
    boxes[2] = Number.NaN;
    boxes[18] = -4;
    const scores = Float32Array.of(3, 3, -1.8);
    const input = { boxes, scores, centres: new Float32Array(6), size: 128 };
    expect(decodeDetections({ ...input, threshold: 0.15 })).toEqual([]);
    expect(decodeDetections({ ...input, threshold: 0.14 })).toHaveLength(1);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('EN3 a box whose value %d is not finite is no detection', (index) => {
    const rest = { scores: Float32Array.of(3), centres: new Float32Array(2), size: 128, threshold: 0.15 };
    expect(decodeDetections({ ...rest, boxes: new Float32Array(16) })).toHaveLength(1);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const boxes = new Float32Array(16);
      boxes[index] = value;
      expect(decodeDetections({ ...rest, boxes })).toEqual([]);
    }
  });

  it('EN3 outputs of another size are an error', () => {
    const output = { boxes: new Float32Array(16), scores: new Float32Array(1), centres: new Float32Array(4) };
    expect(() => decodeDetections({ ...output, size: 128, threshold: 0.1 })).toThrow('do not fit 2 anchors');
  });

  it('EN4 boxes that overlap by more than 0.3 become their mean weighted by score, with the best score', () => {
    const found = [detection(10, 0, 100, 0.3), detection(0, 0, 100, 0.9), detection(300, 0, 50, 0.5)];
    const [best, other, ...more] = mergeDetections(found);
    expect(more).toEqual([]);
    expect(best).toEqual({ ...detection(2.5, 0, 100, 0.9), leftEye: [102.5, 0] });
    expect(other?.score).toBe(0.5);
  });

  it('EN4 boxes that overlap the best one by less stay apart; empty boxes do not disturb', () => {
    const apart = [detection(0, 0, 100, 0.9), detection(60, 0, 100, 0.8)];
    expect(mergeDetections(apart)).toHaveLength(2);
    expect(mergeDetections([detection(5, 5, 0, 0.4), detection(5, 5, 0, 0.3)])).toHaveLength(2);
    expect(mergeDetections([])).toEqual([]);
  });
});

describe('input of the detectors', () => {
  const grey = (width: number, height: number, value: (x: number, y: number) => number) => {
    const data = new Uint8ClampedArray(width * height * 4);
    for (let i = 0; i < width * height; i++) data.fill(value(i % width, Math.floor(i / width)), 4 * i, 4 * i + 4);
    return { data, width, height };
  };

  it('EN5 the longer side fills the square, beside the shorter one it is black', () => {
    const { values } = letterbox(
      grey(16, 8, () => 255),
      8,
    );
    const column = Array.from({ length: 8 }, (_, y) => values[y * 8 + 4]);
    expect(column).toEqual([-1, -1, 1, 1, 1, 1, -1, -1]);
    expect(values).toHaveLength(3 * 64);
  });

  it('EN5 pixels are points at whole coordinates, interpolated bilinearly', () => {
    const { values } = letterbox(
      grey(6, 6, (x) => 51 * x),
      4,
    );
    const row = [...values.slice(4, 8)].map((value) => Math.round((value + 1) * 127.5 * 10) / 10);
    expect(row).toEqual([0, 76.5, 153, 229.5]);
  });

  it('EN5 detections return to pixels of the picture', () => {
    const { toPicture } = letterbox(
      grey(200, 100, () => 0),
      128,
    );
    const found = toPicture({ x: 0.25, y: 0.5, width: 0.5, height: 0.25, ...NO_EYES, score: 0.7 });
    expect(found).toMatchObject({ x: 50, y: 50, width: 100, height: 50, score: 0.7, rightEye: [0, -50] });
  });
});
