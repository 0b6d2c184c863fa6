import { toMatrix } from '../../face/rotation';
import type { Face, Vector3 } from '../../face/types';
import type { Place, Size } from '../view/view';
import type { HeadMeasure } from './measure';
import type { AvatarPose } from './motion';

/** A head of usual size with its eyes at 0, mm: what a studio shows. */
export const USUAL_HEAD: HeadMeasure = { eyes: [0, 0, 0], eyeDistance: 62, mouthDrop: 66, halfWidth: 76 };
/** Where it turns: mm below and behind the eyes. */
const PIVOT: Vector3 = [0, -85, -75];
/** Share of the person's way from where the head usually is that it goes along, and mm at most. */
const SWAY = 0.35;
const MOST_SWAY = 45;

/** Vertical field of view of the studio's camera: a portrait's, from a little further away. */
export const FIELD = (26 * Math.PI) / 180;
/** What has to be seen, mm: so much to each side, and from top to bottom. */
const SIDE = 150;
const HEIGHT = 340;
/** The picture's middle lies this far below the eyes, mm. */
export const BELOW = 10;

/** How far away the studio's camera stands, mm; for a narrow picture further. */
export function studioDistance({ width, height }: Size): number {
  return Math.max(HEIGHT, (2 * SIDE * height) / width) / (2 * Math.tan(FIELD / 2));
}

/** Where a head's origin between its eyes goes when it turns and sways, mm. */
export function studioEyes({ rotation, offset }: AvatarPose): Vector3 {
  const rows = toMatrix(rotation);
  const along = (row: 0 | 1 | 2) => {
    const turned = [0, 1, 2].reduce((sum, i) => sum + (rows[3 * row + i] ?? 0) * (PIVOT[i] ?? 0), 0);
    return (PIVOT[row] ?? 0) - turned + sway(offset[row]);
  };
  return [along(0), along(1), along(2)];
}

/** Points of MediaPipe's face mesh: the eyes' corners. */
const EYE_CORNERS = [33, 133, 263, 362];

/** How the frame has to lie on the canvas for this face to be where the studio has its head. `clip` is unmirrored. */
export function studioPlace({ camera, landmarks478 }: Face, pose: AvatarPose, canvas: Size): Place {
  const mean = (axis: number) =>
    EYE_CORNERS.reduce((sum, point) => sum + (landmarks478[3 * point + axis] ?? 0), 0) / EYE_CORNERS.length;
  const perMillimetre = (camera.scale * camera.distance) / (camera.distance + mean(2) / camera.scale);
  const distance = studioDistance(canvas);
  const [x, y, z] = studioEyes(pose);
  const zoom = canvas.height / (2 * Math.tan(FIELD / 2) * (distance - z));
  return {
    point: [mean(0), mean(1)],
    clip: [(2 * x * zoom) / canvas.width, (2 * (y + BELOW) * zoom) / canvas.height],
    zoom: zoom / perMillimetre,
  };
}

function sway(offset: number): number {
  return Math.min(Math.max(SWAY * offset, -MOST_SWAY), MOST_SWAY);
}
