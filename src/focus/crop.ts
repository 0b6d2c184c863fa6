import type { Crop } from '../face/types';

export { CROP_CENTRE, CROP_SIZE } from '../face/crop-transform';
export { type Pixels, resampleCrop } from './resample';

/** Ratio of a crop's side to the long side of the landmarks' box. */
export const CROP_MARGIN = 1.5;
/** MediaPipe's indices of the subject's outer eye corners. */
const EYE_RIGHT = 33;
const EYE_LEFT = 263;

/** A detector's result, frame pixels; right and left are the subject's. */
export interface Detection {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rightEye: readonly [number, number];
  readonly leftEye: readonly [number, number];
}

/** The crop of a tracked face from its 478 landmarks (frame pixels, `stride` values per point): eyes level, long side × 1.5. */
export function cropFromPoints(points: ArrayLike<number>, stride = 3): Crop {
  const right = EYE_RIGHT * stride;
  const left = EYE_LEFT * stride;
  const angle = Math.atan2(
    coordinateAt(points, left + 1) - coordinateAt(points, right + 1),
    coordinateAt(points, left) - coordinateAt(points, right),
  );
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 1 < points.length; i += stride) {
    const x = c * coordinateAt(points, i) + s * coordinateAt(points, i + 1);
    const y = c * coordinateAt(points, i + 1) - s * coordinateAt(points, i);
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  const x = (minX + maxX) / 2;
  const y = (minY + maxY) / 2;
  const side = CROP_MARGIN * Math.max(maxX - minX, maxY - minY);
  return { centreX: c * x - s * y, centreY: s * x + c * y, side, angle };
}

/** A checked read with a call site of its own, which is monomorphic in the tracker; `at` would box every number. */
function coordinateAt(points: ArrayLike<number>, i: number): number {
  const value = points[i];
  if (value === undefined) throw new RangeError(`landmark coordinate ${i} of ${points.length}`);
  return value;
}

/**
 * The landmarks' square from the box and eyes of MediaPipe's detectors. Medians of the difference to FaceLandmarker's
 * square on 255 faces (frontal portraits and news photographs), in units of the box's long side, standard deviations in
 * brackets. Side: 1.62 (short range, 4 %) and 1.54 (full range, sparse, 4 %). Vertical distance of the centre from the
 * middle of the eyes: 0.194 and 0.183 (0.02); from the box's centre it varies more (0.03). Horizontal distance from the
 * box's centre: 0.00 and 0.00 (0.02 and 0.06); from the eyes it varies more (0.06), because eyes move as a head turns.
 */
const DETECTION = { side: 1.6, belowEyes: 0.19 } as const;

/** An estimate of the crop that tracking would give, from a detector's box and eyes. */
export function cropFromDetection(found: Detection): Crop {
  const { rightEye, leftEye } = found;
  const angle = Math.atan2(leftEye[1] - rightEye[1], leftEye[0] - rightEye[0]);
  const size = Math.max(found.width, found.height);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const boxX = found.x + found.width / 2;
  const boxY = found.y + found.height / 2;
  const eyesX = (rightEye[0] + leftEye[0]) / 2;
  const eyesY = (rightEye[1] + leftEye[1]) / 2;
  // In the axes of level eyes: horizontally from the box, vertically from the eyes.
  const across = c * boxX + s * boxY;
  const down = c * eyesY - s * eyesX + DETECTION.belowEyes * size;
  return { centreX: c * across - s * down, centreY: s * across + c * down, side: DETECTION.side * size, angle };
}

/** Largest change from one frame to the next: shares of the side, logarithm of the size, radians. */
const LIMIT = { move: 0.25, grow: 0.1, turn: 0.2 } as const;

/**
 * The crop for the next frame: the last crop, extrapolated by its change since the crop before.
 * `ratio`: time to the next frame divided by the time between the two crops.
 */
export function moveCrop(previous: Crop, before: Crop, ratio = 1): Crop {
  const limit = (value: number, most: number) => Math.min(most, Math.max(-most, value * ratio));
  const dx = (previous.centreX - before.centreX) / previous.side;
  const dy = (previous.centreY - before.centreY) / previous.side;
  const turn = Math.atan2(Math.sin(previous.angle - before.angle), Math.cos(previous.angle - before.angle));
  return {
    centreX: previous.centreX + previous.side * limit(dx, LIMIT.move),
    centreY: previous.centreY + previous.side * limit(dy, LIMIT.move),
    side: previous.side * Math.exp(limit(Math.log(previous.side / before.side), LIMIT.grow)),
    angle: previous.angle + limit(turn, LIMIT.turn),
  };
}
