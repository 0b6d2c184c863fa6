import type { Crop } from '../face/types';

export { CROP_CENTRE, CROP_SIZE } from '../face/crop-transform';
export { type Pixels, resampleCrop } from './resample';

/** A crop's side over the long side of the face's box. */
const MARGIN = 1.5;
/** MediaPipe's numbers of the subject's outer eye corners. */
const EYE_RIGHT = 33;
const EYE_LEFT = 263;

/** A detector's answer, frame pixels; right and left are the subject's. */
export interface Detection {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rightEye: readonly [number, number];
  readonly leftEye: readonly [number, number];
}

/** The crop of a tracked face from its 478 points (frame pixels; `stride` numbers a point): level eyes, long side × 1.5. */
export function cropFromPoints(points: ArrayLike<number>, stride = 3): Crop {
  const at = (i: number) => points[i] as number;
  const right = EYE_RIGHT * stride;
  const left = EYE_LEFT * stride;
  const angle = Math.atan2(at(left + 1) - at(right + 1), at(left) - at(right));
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 1 < points.length; i += stride) {
    const x = c * at(i) + s * at(i + 1);
    const y = c * at(i + 1) - s * at(i);
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  const x = (minX + maxX) / 2;
  const y = (minY + maxY) / 2;
  const side = MARGIN * Math.max(maxX - minX, maxY - minY);
  return { centreX: c * x - s * y, centreY: s * x + c * y, side, angle };
}

/** Where the mesh's square lies, in the eye-level frame, over the longer side of the detector's box. */
const DETECTION = { side: 1.5, right: 0, down: 0 } as const;

/** The same square, estimated from a detector's box and eyes. */
export function cropFromDetection(found: Detection): Crop {
  const angle = Math.atan2(found.leftEye[1] - found.rightEye[1], found.leftEye[0] - found.rightEye[0]);
  const size = Math.max(found.width, found.height);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const right = DETECTION.right * size;
  const down = DETECTION.down * size;
  return {
    centreX: found.x + found.width / 2 + c * right - s * down,
    centreY: found.y + found.height / 2 + s * right + c * down,
    side: DETECTION.side * size,
    angle,
  };
}

/** At most this much of the side is moved, grown by, and turned (radians) from one frame to the next. */
const LIMIT = { move: 0.25, grow: 0.1, turn: 0.2 } as const;

/**
 * The crop for the next frame: the face's last crop moved on as it moved since the crop before.
 * `ratio`: time to the next frame over the time between the two crops.
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
