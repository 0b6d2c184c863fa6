import { at, float32At } from '../../face/at';
import { toMatrix } from '../../face/rotation';
import type { Face, Vector3 } from '../../face/types';
import type { Place, Size } from '../view/view';
import type { HeadMeasure } from './measure';
import type { AvatarPose } from './motion';

/** The studio's head: average size, eyes at 0, mm. */
export const USUAL_HEAD: HeadMeasure = { eyes: [0, 0, 0], eyeDistance: 62, mouthDrop: 66, halfWidth: 76 };
/** Centre of its rotation, mm relative to the eyes. */
const PIVOT: Vector3 = [0, -85, -75];
/** Share of the person's offset from the mean position that the head follows, and its limit in mm. */
const SWAY = 0.35;
const MOST_SWAY = 45;

/** Vertical field of view of the studio's camera, radians. */
export const FIELD = (26 * Math.PI) / 180;
/** Visible area, mm: to each side, and from top to bottom. */
const SIDE = 115;
const HEIGHT = 340;
/** Distance of the picture's centre below the eyes, mm. */
export const BELOW = 10;

/** Distance of the studio's camera, mm; larger for a narrow canvas. */
export function studioDistance({ width, height }: Size): number {
  return Math.max(HEIGHT, (2 * SIDE * height) / width) / (2 * Math.tan(FIELD / 2));
}

/** Part of half the picture's height by which a bust extends below the picture, because its edge is round. */
const OVERLAP = 0.08;

/**
 * Distance of the picture's centre below the eyes, mm. `bottom`: distance of the avatar's lower end below the eyes. In a
 * tall picture, the lower end is at the edge of the picture, so that a bust does not float.
 */
export function studioBelow(canvas: Size, bottom: number): number {
  const half = studioDistance(canvas) * Math.tan(FIELD / 2);
  return Math.min(BELOW, bottom - (1 + OVERLAP) * half);
}

/** Position of the point between the eyes for a rotated and moved head, mm. */
export function studioEyes({ rotation, offset }: AvatarPose): Vector3 {
  const rows = toMatrix(rotation);
  const along = (row: 0 | 1 | 2) => {
    const turned = [0, 1, 2].reduce((sum, i) => sum + at(rows, 3 * row + i) * at(PIVOT, i), 0);
    return at(PIVOT, row) - turned + sway(offset[row]);
  };
  return [along(0), along(1), along(2)];
}

/** Points of MediaPipe's face mesh: corners of the eyes. */
const EYE_CORNERS = [33, 133, 263, 362];

/** The placement of the frame that brings this face to the studio's head. `clip` is unmirrored; `below`: as `studioBelow`. */
export function studioPlace(
  { camera, landmarks478 }: Face,
  pose: AvatarPose,
  canvas: Size,
  below: number = BELOW,
): Place {
  const mean = (axis: number) =>
    EYE_CORNERS.reduce((sum, point) => sum + float32At(landmarks478, 3 * point + axis), 0) / EYE_CORNERS.length;
  const perMillimetre = (camera.scale * camera.distance) / (camera.distance + mean(2) / camera.scale);
  const distance = studioDistance(canvas);
  const [x, y, z] = studioEyes(pose);
  const zoom = canvas.height / (2 * Math.tan(FIELD / 2) * (distance - z));
  return {
    point: [mean(0), mean(1)],
    clip: [(2 * x * zoom) / canvas.width, (2 * (y + below) * zoom) / canvas.height],
    zoom: zoom / perMillimetre,
  };
}

function sway(offset: number): number {
  return Math.min(Math.max(SWAY * offset, -MOST_SWAY), MOST_SWAY);
}
