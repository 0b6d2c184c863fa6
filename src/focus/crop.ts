import { at } from '../face/at';
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
  const right = EYE_RIGHT * stride;
  const left = EYE_LEFT * stride;
  const angle = Math.atan2(at(points, left + 1) - at(points, right + 1), at(points, left) - at(points, right));
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 1 < points.length; i += stride) {
    const x = c * at(points, i) + s * at(points, i + 1);
    const y = c * at(points, i + 1) - s * at(points, i);
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

/**
 * The mesh's square, from the box and eyes of MediaPipe's detectors. Measured as the difference to FaceLandmarker's own
 * square on 255 faces of near frontal portraits and of news photographs, in units of the box's longer side, medians:
 * side 1.62 (short range; spread 4 %) and 1.54 (full range, sparse; 4 %); centre below the middle of the eyes 0.194 and
 * 0.183 (0.02), which is surer than from the box's centre (0.03); centre beside the box's centre 0.00 and 0.00 (0.02 and
 * 0.06), surer than from the eyes (0.06) because eyes wander as a head turns.
 */
const DETECTION = { side: 1.6, belowEyes: 0.19 } as const;

/** The square that the tracked face would have, estimated from a detector's box and eyes. */
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
  // In the frame of level eyes: across from the box, down from the eyes.
  const across = c * boxX + s * boxY;
  const down = c * eyesY - s * eyesX + DETECTION.belowEyes * size;
  return { centreX: c * across - s * down, centreY: s * across + c * down, side: DETECTION.side * size, angle };
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
