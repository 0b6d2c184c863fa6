/**
 * The crop's camera as a 4 × 4 matrix, so that the mesh lands on exactly the tracked pixels. Pure.
 *
 * P = rotation · (V − origin), k = scale · distance / (distance − P.z), u = centre.x + k · P.x, v = centre.y − k · P.y.
 */

import { at, float32At } from '../../face/at';
import { toMatrix } from '../../face/rotation';
import type { CropCamera, Vector3 } from '../../face/types';
import type { FrameView } from './view';

/** Clip z runs from 0 to 1 in WebGPU, from −1 to 1 in WebGL. */
export type DepthRange = 'half' | 'full';

const NEAR = 20;
const FAR = 20_000;

/**
 * Writes the column-major matrix from model millimetres to clip space into `out` (16). `depth`: millimetres from the
 * viewer to the model's origin; it determines the order of several faces and does not move pixels.
 */
export function cropProjection(
  camera: CropCamera,
  origin: Vector3,
  depth: number,
  view: FrameView,
  range: DepthRange,
  out: Float32Array,
): Float32Array {
  const rows = toMatrix(camera.rotation);
  const { distance, scale, centre } = camera;
  const clipX = view.scaleX * centre[0] + view.offsetX;
  const clipY = view.scaleY * centre[1] + view.offsetY;
  const a = depthScale(range);
  const b = depthOffset(range);
  const wz = -depth / distance;
  for (let column = 0; column < 3; column++) {
    const x = at(rows, column);
    const y = at(rows, 3 + column);
    const z = at(rows, 6 + column);
    out[4 * column] = view.scaleX * scale * depth * x + clipX * wz * z;
    out[4 * column + 1] = -view.scaleY * scale * depth * y + clipY * wz * z;
    out[4 * column + 2] = a * wz * z;
    out[4 * column + 3] = wz * z;
  }
  out[12] = clipX * depth;
  out[13] = clipY * depth;
  out[14] = a * depth + b;
  out[15] = depth;
  for (let row = 0; row < 4; row++) {
    let moved = float32At(out, 12 + row);
    for (let column = 0; column < 3; column++) moved -= float32At(out, 4 * column + row) * at(origin, column);
    out[12 + row] = moved;
  }
  return out;
}

/**
 * The same projection without rotation and origin, column-major into `out` (16): from the crop's camera, which is at
 * `camera.distance` in front of the model's origin (x right, y up, z to the viewer, mm), to clip space.
 */
export function cropLens(
  { scale, distance, centre }: CropCamera,
  depth: number,
  view: FrameView,
  range: DepthRange,
  out: Float32Array,
): Float32Array {
  out.fill(0);
  out[0] = view.scaleX * scale * distance;
  out[5] = -view.scaleY * scale * distance;
  out[8] = -(view.scaleX * centre[0] + view.offsetX);
  out[9] = -(view.scaleY * centre[1] + view.offsetY);
  out[10] = -depthScale(range);
  out[11] = -1;
  out[14] = (depthOffset(range) * distance) / depth;
  return out;
}

function depthScale(range: DepthRange): number {
  return (range === 'half' ? FAR : FAR + NEAR) / (FAR - NEAR);
}

function depthOffset(range: DepthRange): number {
  return ((range === 'half' ? -1 : -2) * FAR * NEAR) / (FAR - NEAR);
}

/**
 * Writes the column-major 4 × 4 that rotates model normals to the crop's axes, in which the network estimates light:
 * the camera's rotation without the crop's (clockwise on screen, y down). `out`: 16 numbers.
 */
export function lightRotation(camera: CropCamera, cropAngle: number, out: Float32Array): Float32Array {
  const rows = toMatrix(camera.rotation);
  const cos = Math.cos(cropAngle);
  const sin = Math.sin(cropAngle);
  for (let column = 0; column < 3; column++) {
    const x = at(rows, column);
    const y = at(rows, 3 + column);
    out[4 * column] = cos * x - sin * y;
    out[4 * column + 1] = sin * x + cos * y;
    out[4 * column + 2] = at(rows, 6 + column);
  }
  out[15] = 1;
  return out;
}
