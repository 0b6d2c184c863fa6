import { float32At, float64At } from '../face/at';
import { exponential, multiply, normaliseQuaternion } from '../face/rotation';
import { solvePositive } from '../face/solve-positive';
import type { CropCamera, Region } from '../face/types';
import { POINT_REGIONS } from './point-regions';

/** Turn (3, radians), centre (2, as angles: pixels over scale and SIZE), log scale. */
const UNKNOWNS = 6;
/** mm that make the unknowns alike: about half a head. */
const SIZE = 70;
const STEPS = 2;
/** Every so manieth point is looked at. */
const EVERY = 2;
/** How much the start counts, in points. */
const START = 4;

/**
 * The camera nearby `camera` under which a head drawn by `camera` at `drawn` comes to lie on `wanted`; both 478 × (x, y, z)
 * as the decoder's `landmarks` makes them (both with their landmark shift, which is nearly the same). Points count by their
 * region's weight. With one head's shape in `drawn` and another's in `wanted`, this is the pose that explains the picture
 * with the former.
 */
export function fitCamera(
  camera: CropCamera,
  drawn: Float32Array,
  wanted: Float32Array,
  weights: Readonly<Record<Region, number>>,
): CropCamera {
  let fitted = camera;
  const points = backProject(camera, drawn);
  for (let step = 0; step < STEPS; step++) {
    const change = solveStep(fitted, points, wanted, weights);
    if (!change) return camera;
    turnPoints(points, change);
    fitted = changed(fitted, change);
  }
  return fitted;
}

/** Points in the camera's axes around the origin, mm, of their picture with depth. */
function backProject({ centre, scale, distance }: CropCamera, drawn: Float32Array): Float64Array {
  const points = new Float64Array(drawn.length);
  for (let i = 0; i < drawn.length; i += 3) {
    const z = -float32At(drawn, i + 2) / scale;
    const k = (scale * distance) / (distance - z);
    points[i] = (float32At(drawn, i) - centre[0]) / k;
    points[i + 1] = (centre[1] - float32At(drawn, i + 1)) / k;
    points[i + 2] = z;
  }
  return points;
}

/** One Gauss-Newton step; undefined where it leads nowhere. */
function solveStep(
  { centre, scale, distance }: CropCamera,
  points: Float64Array,
  wanted: Float32Array,
  weights: Readonly<Record<Region, number>>,
): Float64Array | undefined {
  const normal = new Float64Array(UNKNOWNS * UNKNOWNS);
  const right = new Float64Array(UNKNOWNS);
  const row = new Float64Array(UNKNOWNS);
  for (let p = 0; p < POINT_REGIONS.length; p += EVERY) {
    const region = POINT_REGIONS[p];
    const weight = region ? weights[region] : 0;
    if (!(weight > 0)) continue;
    const x = float64At(points, 3 * p);
    const y = float64At(points, 3 * p + 1);
    const z = float64At(points, 3 * p + 2);
    const k = (scale * distance) / (distance - z);
    const near = 1 / (distance - z);
    // In mm of the picture, y up: derivatives of k·x and k·y over scale by turn, place and log scale.
    const gain = k / scale;
    const u = centre[0] + k * x - float32At(wanted, 3 * p);
    const v = float32At(wanted, 3 * p + 1) - (centre[1] - k * y);
    // A turn w moves (x, y, z) by w × (x, y, z).
    setRow(row, gain * x * near * y, gain * (z - x * near * x), -gain * y, SIZE, 0, gain * x);
    accumulate(normal, right, row, u / scale, weight);
    setRow(row, gain * (-z + y * near * y), -gain * y * near * x, gain * x, 0, SIZE, gain * y);
    accumulate(normal, right, row, v / scale, weight);
  }
  for (let i = 0; i < UNKNOWNS; i++) {
    normal[i * UNKNOWNS + i] = float64At(normal, i * UNKNOWNS + i) + START * SIZE * SIZE * 0.1;
  }
  return solvePositive(normal, right);
}

function setRow(row: Float64Array, a: number, b: number, c: number, d: number, e: number, f: number): void {
  row[0] = a;
  row[1] = b;
  row[2] = c;
  row[3] = d;
  row[4] = e;
  row[5] = f;
}

function accumulate(normal: Float64Array, right: Float64Array, row: Float64Array, error: number, weight: number): void {
  for (let i = 0; i < UNKNOWNS; i++) {
    const r = weight * float64At(row, i);
    right[i] = float64At(right, i) - r * error;
    for (let j = 0; j < UNKNOWNS; j++) {
      normal[i * UNKNOWNS + j] = float64At(normal, i * UNKNOWNS + j) + r * float64At(row, j);
    }
  }
}

function turnPoints(points: Float64Array, change: Float64Array): void {
  const [x, y, z, w] = turnOf(change);
  for (let i = 0; i < points.length; i += 3) {
    const px = float64At(points, i);
    const py = float64At(points, i + 1);
    const pz = float64At(points, i + 2);
    const tx = 2 * (y * pz - z * py);
    const ty = 2 * (z * px - x * pz);
    const tz = 2 * (x * py - y * px);
    points[i] = px + w * tx + y * tz - z * ty;
    points[i + 1] = py + w * ty + z * tx - x * tz;
    points[i + 2] = pz + w * tz + x * ty - y * tx;
  }
}

function turnOf(change: Float64Array) {
  return exponential([float64At(change, 0), float64At(change, 1), float64At(change, 2)]);
}

function changed(camera: CropCamera, change: Float64Array): CropCamera {
  const { scale, centre } = camera;
  return {
    ...camera,
    rotation: normaliseQuaternion(multiply(turnOf(change), camera.rotation)),
    centre: [centre[0] + scale * SIZE * float64At(change, 3), centre[1] - scale * SIZE * float64At(change, 4)],
    scale: scale * Math.exp(float64At(change, 5)),
  };
}
