import { float32At, float64At } from '../face/at';
import type { Lens } from '../face/projection';
import { exponential, multiply, normaliseQuaternion, toMatrix } from '../face/rotation';
import { solvePositive } from '../face/solve-positive';
import type { Pose, Vector3 } from '../face/types';

const STEPS = 3;
/** Rotation (3, radians) and translation (3, depths). */
const UNKNOWNS = 6;
/** Index of the residual in a row, after the derivatives. */
const RESIDUAL = UNKNOWNS;

/**
 * The pose that minimises the reprojection error of `points` (n × 3, mm, model coordinates) to `pixels` (n × 2) under a
 * pinhole camera. A pinhole picture is stretched away from its centre by 1/cos of the viewing angle. The crop's camera does
 * not model that, and its head is rotated some degrees too far. Three Gauss-Newton steps from `start` correct it. Gives
 * `start` where the equations have no solution.
 */
export function refinePose(start: Pose, points: Float32Array, pixels: Float32Array, origin: Vector3, lens: Lens): Pose {
  let pose = start;
  const normal = new Float64Array(UNKNOWNS * UNKNOWNS);
  const right = new Float64Array(UNKNOWNS);
  for (let done = 0; done < STEPS; done++) {
    gather(pose, points, pixels, origin, lens, normal, right);
    const step = solvePositive(normal, right);
    if (!step) return start;
    pose = move(pose, step);
  }
  return [...pose.rotation, ...pose.translation].every(Number.isFinite) && pose.translation[2] < 0 ? pose : start;
}

function move({ rotation, translation }: Pose, by: Float64Array): Pose {
  const depth = -translation[2];
  return {
    rotation: normaliseQuaternion(
      multiply(exponential([float64At(by, 0), float64At(by, 1), float64At(by, 2)]), rotation),
    ),
    translation: [
      translation[0] + float64At(by, 3) * depth,
      translation[1] + float64At(by, 4) * depth,
      translation[2] + float64At(by, 5) * depth,
    ],
  };
}

/** Normal equations of the reprojection error at `pose`; the rotation step is in camera axes. */
function gather(
  { rotation, translation }: Pose,
  points: Float32Array,
  pixels: Float32Array,
  origin: Vector3,
  lens: Lens,
  normal: Float64Array,
  right: Float64Array,
): void {
  const [m00, m01, m02, m10, m11, m12, m20, m21, m22] = toMatrix(rotation);
  const depth = -translation[2];
  const row = new Float64Array(UNKNOWNS + 1);
  normal.fill(0);
  right.fill(0);
  for (let i = 0, p = 0; p < points.length; i += 2, p += 3) {
    const x = float32At(points, p) - origin[0];
    const y = float32At(points, p + 1) - origin[1];
    const z = float32At(points, p + 2) - origin[2];
    const px = m00 * x + m01 * y + m02 * z;
    const py = m10 * x + m11 * y + m12 * z;
    const pz = m20 * x + m21 * y + m22 * z;
    const away = -(pz + translation[2]);
    const k = lens.focal / away;
    const u = (px + translation[0]) / away;
    const v = (py + translation[1]) / away;
    // d(pixel x)/d(camera point) = k·(1, 0, u), d(pixel y)/d(camera point) = −k·(0, 1, v); a rotation ω moves it by ω × P.
    const ku = k * u;
    row[0] = ku * py;
    row[1] = k * pz - ku * px;
    row[2] = -k * py;
    row[3] = k * depth;
    row[4] = 0;
    row[5] = ku * depth;
    row[RESIDUAL] = float32At(pixels, i) - lens.centreX - lens.focal * u;
    addRow(normal, right, row);
    const kv = k * v;
    row[0] = kv * py - k * pz;
    row[1] = -kv * px;
    row[2] = k * px;
    row[3] = 0;
    row[4] = k * depth;
    row[5] = kv * depth;
    row[RESIDUAL] = lens.centreY - float32At(pixels, i + 1) - lens.focal * v;
    addRow(normal, right, row);
  }
}

/** Adds a row, six derivatives and the residual, to the normal equations. Numbers in an array are not boxed. */
function addRow(normal: Float64Array, right: Float64Array, row: Float64Array): void {
  for (let i = 0; i < UNKNOWNS; i++) {
    const value = float64At(row, i);
    right[i] = float64At(right, i) + value * float64At(row, RESIDUAL);
    for (let j = 0; j < UNKNOWNS; j++) {
      const cell = i * UNKNOWNS + j;
      normal[cell] = float64At(normal, cell) + value * float64At(row, j);
    }
  }
}
