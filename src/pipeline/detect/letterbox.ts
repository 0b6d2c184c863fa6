import { clampedByteAt } from '../../face/at';
import type { SmallPixels } from '../shrink';
import type { Detection } from './detection';

export interface Letterbox {
  /** 3 × side × side, −1 to 1. */
  readonly values: Float32Array;
  /** A detection in shares of the square as one in pixels of the picture, from its corner. */
  toPicture(found: Detection): Detection;
}

/**
 * Scales a picture with bilinear interpolation to a square of `side` pixels. The longer side fills it; beside the shorter
 * one it is black. As in MediaPipe's ImageToTensorCalculator with OpenCV: pixels are points at whole coordinates.
 */
export function letterbox(picture: SmallPixels, side: number): Letterbox {
  const long = Math.max(picture.width, picture.height);
  const left = (picture.width - long) / 2;
  const top = (picture.height - long) / 2;
  const values = new Float32Array(3 * side * side).fill(-1);
  const columns = taps(side, long, left, picture.width);
  const rows = taps(side, long, top, picture.height);
  for (const row of rows) {
    for (const column of columns) addPixel(values, picture, row, column, side);
  }
  const point = ([x, y]: readonly [number, number]) => [x * long + left, y * long + top] as const;
  return {
    values,
    toPicture({ x, y, width, height, rightEye, leftEye, score }) {
      const [originX, originY] = point([x, y]);
      const size = { width: width * long, height: height * long };
      return { x: originX, y: originY, ...size, rightEye: point(rightEye), leftEye: point(leftEye), score };
    },
  };
}

/** The two pixels of the picture, along one axis, between which a pixel of the square lies; those outside are black. */
interface Tap {
  readonly to: number;
  readonly first: number;
  /** Weights, 0 to 1; that of a pixel outside the picture is 0. */
  readonly firstWeight: number;
  readonly secondWeight: number;
}

/** Taps of the pixels of the square to which the picture contributes. `start`: the square's corner, pixels. */
function taps(side: number, long: number, start: number, length: number): Tap[] {
  return Array.from({ length: side }, (_, to): Tap[] => {
    const from = (to / side) * long + start;
    const first = Math.floor(from);
    if (first < -1 || first >= length) return [];
    const firstWeight = first < 0 ? 0 : 1 - (from - first);
    const secondWeight = first + 1 < length ? from - first : 0;
    return [{ to, first, firstWeight, secondWeight }];
  }).flat();
}

function addPixel(values: Float32Array, { data, width }: SmallPixels, row: Tap, column: Tap, side: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const line = (y: number, weight: number) => {
      if (weight === 0) return 0;
      const byte = (x: number, share: number) =>
        share === 0 ? 0 : share * clampedByteAt(data, 4 * (y * width + x) + channel);
      return weight * (byte(column.first, column.firstWeight) + byte(column.first + 1, column.secondWeight));
    };
    const value = line(row.first, row.firstWeight) + line(row.first + 1, row.secondWeight);
    values[(channel * side + row.to) * side + column.to] = value / 127.5 - 1;
  }
}
