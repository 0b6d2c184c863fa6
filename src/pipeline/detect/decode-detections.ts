import { float32At } from '../../face/at';
import type { Detection } from './detection';

/** Values per box: centre x and y, width, height, then x and y of six points; the first two are the eyes. */
const BOX_VALUES = 16;
/** Of these, the ones that are used: the box and the eyes. */
const USED_VALUES = 8;
/** Logits beyond this are cut off. */
const MOST_LOGIT = 100;

export interface ModelOutput {
  /** 16 values per anchor, pixels of the model's input relative to the anchor. */
  readonly boxes: Float32Array;
  /** A logit per anchor. */
  readonly scores: Float32Array;
  /** x and y per anchor, shares of the input's side. */
  readonly centres: Float32Array;
  /** Side of the input, pixels. */
  readonly size: number;
  /** Minimum score, 0 to 1. */
  readonly threshold: number;
}

/**
 * The boxes whose score reaches the threshold, in shares of the model's input, in the anchors' order. A box that is not
 * finite, or has a negative size, is left out. As in MediaPipe's TensorsToDetectionsCalculator. Throws RangeError where the
 * numbers of values do not fit the anchors.
 */
export function decodeDetections({ boxes, scores, centres, size, threshold }: ModelOutput): Detection[] {
  const count = centres.length / 2;
  if (boxes.length !== count * BOX_VALUES || scores.length !== count)
    throw new RangeError(`${boxes.length} box values and ${scores.length} scores do not fit ${count} anchors`);
  const found: Detection[] = [];
  for (let i = 0; i < count; i++) {
    const score = sigmoid(float32At(scores, i));
    if (!(score >= threshold)) continue;
    const used = boxes.subarray(i * BOX_VALUES, i * BOX_VALUES + USED_VALUES);
    if (!used.every(Number.isFinite)) continue;
    const point = (first: number): readonly [number, number] => [
      float32At(boxes, i * BOX_VALUES + first) / size + float32At(centres, 2 * i),
      float32At(boxes, i * BOX_VALUES + first + 1) / size + float32At(centres, 2 * i + 1),
    ];
    const [x, y] = point(0);
    const width = float32At(boxes, i * BOX_VALUES + 2) / size;
    const height = float32At(boxes, i * BOX_VALUES + 3) / size;
    if (!(width >= 0 && height >= 0)) continue;
    found.push({ x: x - width / 2, y: y - height / 2, width, height, rightEye: point(4), leftEye: point(6), score });
  }
  return found;
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-Math.max(-MOST_LOGIT, Math.min(MOST_LOGIT, logit))));
}
