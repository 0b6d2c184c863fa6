import { at, byteAt, float32At, float64At } from '../face/at';
import { exponential, multiply, normaliseQuaternion } from '../face/rotation';
import { solvePositive } from '../face/solve-positive';
import { type CropCamera, REGIONS } from '../face/types';
import { POINT_REGIONS } from './point-regions';

/** Rotation (3, radians), centre (2, as angles: pixels over scale and SIZE), log scale. */
const UNKNOWNS = 6;
/** mm that make the unknowns comparable: about half a head. */
const SIZE = 70;
const STEPS = 2;
/** Only every second point is used. */
const EVERY = 2;
/** Weight of the start, in points. */
const START = 4;

/** The landmarks that are fitted, as indices of the 478: every second one that belongs to a region. */
export const FIT_POINTS: readonly number[] = POINT_REGIONS.flatMap((region, p) =>
  region && p % EVERY === 0 ? [p] : [],
);
/** Index in REGIONS of each of them. */
const FIT_REGIONS = Uint8Array.from(
  FIT_POINTS.flatMap((p) => POINT_REGIONS[p] ?? []),
  (region) => REGIONS.indexOf(region),
);

/**
 * The camera near `camera` under which a head moves onto other landmarks. `drawn`: the head's FIT_POINTS as `camera`
 * projects them, n × (x, y, z). `wanted`: the other landmarks, 478 × (x, y, z); both with their landmark shift, which is
 * nearly the same. `weights`: of the regions, in the order of REGIONS; a point has its region's weight. With one head's shape in `drawn` and another's in `wanted`, the
 * result is the pose that explains the picture with the former.
 */
export type CameraFit = (
  camera: CropCamera,
  drawn: Float32Array,
  wanted: Float32Array,
  weights: Float64Array,
) => CropCamera;

/** Makes a fit; it keeps scratch memory only. */
export function createCameraFit(): CameraFit {
  const points = new Float64Array(3 * FIT_POINTS.length);
  const equations = createEquations();
  return (camera, drawn, wanted, weights) => {
    let fitted = camera;
    backProject(camera, drawn, points);
    for (let step = 0; step < STEPS; step++) {
      const change = solveStep(fitted, points, wanted, weights, equations);
      if (!change) return camera;
      rotatePoints(points, change);
      fitted = changeCamera(fitted, change);
    }
    return fitted;
  };
}

/** Points in the camera's axes around the origin, mm, from their projection and depth; into `points`. */
function backProject({ centre, scale, distance }: CropCamera, drawn: Float32Array, points: Float64Array): void {
  for (let i = 0; i < points.length; i += 3) {
    const z = -float32At(drawn, i + 2) / scale;
    const k = (scale * distance) / (distance - z);
    points[i] = (float32At(drawn, i) - centre[0]) / k;
    points[i + 1] = (centre[1] - float32At(drawn, i + 1)) / k;
    points[i + 2] = z;
  }
}

/** Normal equations of a weighted least-squares step. */
interface Equations {
  readonly normal: Float64Array;
  readonly right: Float64Array;
  /** Derivatives of one residual by the unknowns, then the residual and its weight: numbers in an array are not boxed. */
  readonly row: Float64Array;
}

const RESIDUAL = UNKNOWNS;
const WEIGHT = UNKNOWNS + 1;

function createEquations(): Equations {
  return {
    normal: new Float64Array(UNKNOWNS * UNKNOWNS),
    right: new Float64Array(UNKNOWNS),
    row: new Float64Array(UNKNOWNS + 2),
  };
}

/** One Gauss-Newton step; undefined where the equations have no solution. */
function solveStep(
  { centre, scale, distance }: CropCamera,
  points: Float64Array,
  wanted: Float32Array,
  weights: Float64Array,
  equations: Equations,
): Float64Array | undefined {
  const { normal, right, row } = equations;
  const [centreX, centreY] = centre;
  normal.fill(0);
  right.fill(0);
  for (let n = 0; n < FIT_POINTS.length; n++) {
    const weight = float64At(weights, byteAt(FIT_REGIONS, n));
    if (!(weight > 0)) continue;
    const target = 3 * at(FIT_POINTS, n);
    const x = float64At(points, 3 * n);
    const y = float64At(points, 3 * n + 1);
    const z = float64At(points, 3 * n + 2);
    const k = (scale * distance) / (distance - z);
    const near = 1 / (distance - z);
    // In mm of the picture, y up: derivatives of k·x and k·y over scale by rotation, centre and log scale.
    const gain = k / scale;
    const u = centreX + k * x - float32At(wanted, target);
    const v = float32At(wanted, target + 1) - (centreY - k * y);
    row[WEIGHT] = weight;
    // A rotation w moves (x, y, z) by w × (x, y, z).
    row[0] = gain * x * near * y;
    row[1] = gain * (z - x * near * x);
    row[2] = -gain * y;
    row[3] = SIZE;
    row[4] = 0;
    row[5] = gain * x;
    row[RESIDUAL] = u / scale;
    accumulate(equations);
    row[0] = gain * (-z + y * near * y);
    row[1] = -gain * y * near * x;
    row[2] = gain * x;
    row[3] = 0;
    row[4] = SIZE;
    row[5] = gain * y;
    row[RESIDUAL] = v / scale;
    accumulate(equations);
  }
  for (let i = 0; i < UNKNOWNS; i++) {
    normal[i * UNKNOWNS + i] = float64At(normal, i * UNKNOWNS + i) + START * SIZE * SIZE * 0.1;
  }
  return solvePositive(normal, right);
}

/** Adds the row to the normal equations. */
function accumulate({ normal, right, row }: Equations): void {
  for (let i = 0; i < UNKNOWNS; i++) {
    const r = float64At(row, WEIGHT) * float64At(row, i);
    right[i] = float64At(right, i) - r * float64At(row, RESIDUAL);
    for (let j = 0; j < UNKNOWNS; j++) {
      normal[i * UNKNOWNS + j] = float64At(normal, i * UNKNOWNS + j) + r * float64At(row, j);
    }
  }
}

function rotatePoints(points: Float64Array, change: Float64Array): void {
  const [x, y, z, w] = rotationOf(change);
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

function rotationOf(change: Float64Array) {
  return exponential([float64At(change, 0), float64At(change, 1), float64At(change, 2)]);
}

function changeCamera(camera: CropCamera, change: Float64Array): CropCamera {
  const { scale, centre } = camera;
  return {
    ...camera,
    rotation: normaliseQuaternion(multiply(rotationOf(change), camera.rotation)),
    centre: [centre[0] + scale * SIZE * float64At(change, 3), centre[1] - scale * SIZE * float64At(change, 4)],
    scale: scale * Math.exp(float64At(change, 5)),
  };
}
